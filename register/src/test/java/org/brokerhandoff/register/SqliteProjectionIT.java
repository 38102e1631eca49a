package org.brokerhandoff.register;

class SqliteProjectionIT extends ProjectionContract {
    @Override
    TestDatabase database() {
        return TestDatabase.SQLITE;
    }
}
