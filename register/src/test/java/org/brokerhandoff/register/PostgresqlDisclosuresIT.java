package org.brokerhandoff.register;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** Runs where a Docker engine is available. */
@EnabledIfSystemProperty(named = "handoff.test.kafka", matches = "container")
class PostgresqlDisclosuresIT extends DisclosuresContract {
    @BeforeAll
    static void start() {
        PostgresqlRegisterIT.start();
    }

    @AfterAll
    static void stop() {
        PostgresqlRegisterIT.stop();
    }

    @Override
    RegisterSettings empty() {
        return new PostgresqlRegisterIT().empty();
    }
}
