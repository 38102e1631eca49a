package org.brokerhandoff.register;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.postgresql.PostgreSQLContainer;

/** Runs where a Docker engine is available. */
@EnabledIfSystemProperty(named = "handoff.test.kafka", matches = "container")
class PostgresqlRegisterIT extends RegisterContract {
    // The port opens when the server is finally up; how often its log says so before depends on the image.
    @SuppressWarnings("resource")
    private static final PostgreSQLContainer DATABASE =
            new PostgreSQLContainer("postgres:17").waitingFor(Wait.forListeningPort());

    private static final AtomicInteger DATABASES = new AtomicInteger();

    @BeforeAll
    static void start() {
        DATABASE.start();
    }

    @AfterAll
    static void stop() {
        DATABASE.stop();
    }

    @Override
    RegisterSettings empty() {
        String name = "register" + DATABASES.incrementAndGet();
        try (Connection connection = DriverManager.getConnection(
                        DATABASE.getJdbcUrl(), DATABASE.getUsername(), DATABASE.getPassword());
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE DATABASE " + name);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        return new RegisterSettings(
                "jdbc:postgresql://" + DATABASE.getHost() + ":" + DATABASE.getMappedPort(5432) + "/" + name,
                Optional.of(DATABASE.getUsername()),
                Optional.of(DATABASE.getPassword()));
    }
}
