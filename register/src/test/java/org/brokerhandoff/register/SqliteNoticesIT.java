package org.brokerhandoff.register;

class SqliteNoticesIT extends NoticesContract {
    @Override
    TestDatabase database() {
        return TestDatabase.SQLITE;
    }
}
