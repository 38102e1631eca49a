package org.brokerhandoff.register;

class SqliteAnswersIT extends AnswersContract {
    @Override
    TestDatabase database() {
        return TestDatabase.SQLITE;
    }
}
