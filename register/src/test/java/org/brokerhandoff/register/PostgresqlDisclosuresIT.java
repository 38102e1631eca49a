package org.brokerhandoff.register;

import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** Runs where a Docker engine is available. */
@EnabledIfSystemProperty(named = "handoff.test.kafka", matches = "container")
class PostgresqlDisclosuresIT extends DisclosuresContract {
    @Override
    TestDatabase database() {
        return TestDatabase.POSTGRESQL;
    }
}
