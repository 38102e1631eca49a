package org.brokerhandoff.register;

class SqliteRebuildIT extends RebuildContract {
    @Override
    TestDatabase database() {
        return TestDatabase.SQLITE;
    }
}
