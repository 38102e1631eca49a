package org.brokerhandoff.register;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.postgresql.PostgreSQLContainer;

/** What registers are kept in, in tests. */
enum TestDatabase {
    SQLITE {
        @Override
        RegisterSettings empty(Path directory) {
            Path file = directory.resolve("register" + COUNT.incrementAndGet()).resolve("register.db");
            return new RegisterSettings(SqliteUrl.of(file), Optional.empty(), Optional.empty());
        }
    },

    /** In a container. */
    POSTGRESQL {
        @Override
        RegisterSettings empty(Path directory) {
            PostgreSQLContainer server = Server.STARTED;
            String name = "register" + COUNT.incrementAndGet();
            try (Connection connection = DriverManager.getConnection(
                            server.getJdbcUrl(), server.getUsername(), server.getPassword());
                    Statement statement = connection.createStatement()) {
                statement.execute("CREATE DATABASE " + name);
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
            return new RegisterSettings(
                    "jdbc:postgresql://" + server.getHost() + ":" + server.getMappedPort(5432) + "/" + name,
                    Optional.of(server.getUsername()),
                    Optional.of(server.getPassword()));
        }
    };

    private static final AtomicInteger COUNT = new AtomicInteger();

    /** Settings of a database without tables; a file is in {@code directory}. */
    abstract RegisterSettings empty(Path directory);

    /** One for all classes, which run at the same time; Testcontainers removes it when the JVM has ended. */
    private static final class Server {
        @SuppressWarnings("resource")
        static final PostgreSQLContainer STARTED = started();

        private static PostgreSQLContainer started() {
            // The port opens when the server is finally up; how often its log says so before depends on the image.
            PostgreSQLContainer server = new PostgreSQLContainer("postgres:17").waitingFor(Wait.forListeningPort());
            server.start();
            return server;
        }
    }
}
