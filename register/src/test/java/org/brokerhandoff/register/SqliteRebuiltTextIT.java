package org.brokerhandoff.register;

class SqliteRebuiltTextIT extends RebuiltTextContract {
    @Override
    TestDatabase database() {
        return TestDatabase.SQLITE;
    }
}
