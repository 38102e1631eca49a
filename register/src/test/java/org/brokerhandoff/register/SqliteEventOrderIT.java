package org.brokerhandoff.register;

class SqliteEventOrderIT extends EventOrderContract {
    @Override
    TestDatabase database() {
        return TestDatabase.SQLITE;
    }
}
