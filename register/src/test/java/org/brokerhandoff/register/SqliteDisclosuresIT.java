package org.brokerhandoff.register;

class SqliteDisclosuresIT extends DisclosuresContract {
    @Override
    TestDatabase database() {
        return TestDatabase.SQLITE;
    }
}
