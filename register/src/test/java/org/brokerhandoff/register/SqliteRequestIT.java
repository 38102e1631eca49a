package org.brokerhandoff.register;

class SqliteRequestIT extends RequestContract {
    @Override
    TestDatabase database() {
        return TestDatabase.SQLITE;
    }
}
