package org.brokerhandoff.custody.cells.decisions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A real PostgreSQL process, or its synchronous standby, with a folder and a port of its own; the database's user is not root. */
public final class DatabaseProcess implements AutoCloseable {
    private static final String USER = "postgres";

    private final Path folder;
    private final int port;
    private @Nullable Process process;

    private DatabaseProcess(Path folder, int port) {
        this.folder = folder;
        this.port = port;
    }

    /** Skips the test, and says why, where there is no PostgreSQL. */
    public static void assumeInstalled() {
        assumeTrue(programs().isPresent(), "no PostgreSQL in /usr/lib/postgresql: tests of decisions are skipped");
        assumeTrue(!isRoot() || Files.isExecutable(Path.of("/usr/bin/setpriv")), "root, and no setpriv: skipped");
    }

    private static Optional<Path> programs() {
        try (Stream<Path> versions = Files.list(Path.of("/usr/lib/postgresql"))) {
            return versions.map(version -> version.resolve("bin"))
                    .filter(bin -> Files.isExecutable(bin.resolve("initdb")))
                    .max(Path::compareTo);
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static boolean isRoot() {
        return "root".equals(System.getProperty("user.name"));
    }

    /** A primary that waits for a standby of the name {@code standby}, once that has been there. */
    public static DatabaseProcess start(Path folder) {
        DatabaseProcess primary = new DatabaseProcess(prepared(folder), freePort());
        primary.run(
                "initdb", "-D", folder + "/data", "-U", USER, "-A", "trust", "--no-sync", "--no-locale", "-E", "UTF8");
        primary.restart();
        return primary;
    }

    /** Its standby. */
    public DatabaseProcess standby(Path at) {
        DatabaseProcess standby = new DatabaseProcess(prepared(at), freePort());
        standby.run(
                "pg_basebackup",
                "-D",
                at + "/data",
                "-R",
                "--no-sync",
                "-c",
                "fast",
                "-d",
                "host=127.0.0.1 port=" + port + " user=" + USER + " application_name=standby");
        standby.restart();
        execute("ALTER SYSTEM SET synchronous_standby_names = 'standby'");
        execute("SELECT pg_reload_conf()");
        await().atMost(60, TimeUnit.SECONDS)
                .until(() -> "sync".equals(ask("SELECT coalesce(max(sync_state), '') FROM pg_stat_replication")));
        return standby;
    }

    private static Path prepared(Path folder) {
        try {
            Files.createDirectories(folder);
            if (isRoot()) {
                assertThat(new ProcessBuilder("chown", USER, folder.toString())
                                .start()
                                .waitFor())
                        .isZero();
                // JUnit's folder is root's alone.
                Files.setPosixFilePermissions(folder.getParent(), PosixFilePermissions.fromString("rwxr-xr-x"));
            }
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static int freePort() {
        try (ServerSocket free = new ServerSocket(0)) {
            return free.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private ProcessBuilder program(String name, String... arguments) {
        List<String> command = new ArrayList<>();
        if (isRoot()) {
            command.addAll(List.of("/usr/bin/setpriv", "--reuid", USER, "--regid", USER, "--clear-groups"));
        }
        command.add(programs().orElseThrow().resolve(name).toString());
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(
                        ProcessBuilder.Redirect.appendTo(folder.resolve("log").toFile()));
    }

    private void run(String name, String... arguments) {
        try {
            assertThat(program(name, arguments).start().waitFor()).as(this::log).isZero();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private String log() {
        try {
            return Files.readString(folder.resolve("log"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts it (again), with what it has. */
    public void restart() {
        close();
        try {
            process = program(
                            "postgres",
                            "-D",
                            folder + "/data",
                            "-p",
                            String.valueOf(port),
                            "-c",
                            "listen_addresses=127.0.0.1",
                            "-c",
                            "unix_socket_directories=",
                            "-c",
                            "shared_buffers=32MB")
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        await().atMost(60, TimeUnit.SECONDS)
                .pollInterval(50, TimeUnit.MILLISECONDS)
                .until(() -> {
                    try (Connection connection = connection()) {
                        return connection.isValid(1);
                    } catch (SQLException e) {
                        assertThat(Objects.requireNonNull(process).isAlive())
                                .as(this::log)
                                .isTrue();
                        return false;
                    }
                });
    }

    /** How to reach it. */
    public DecisionSettings settings(Duration limit) {
        return new DecisionSettings(url(), Optional.of(USER), Optional.empty(), limit);
    }

    private String url() {
        return "jdbc:postgresql://127.0.0.1:" + port + "/postgres";
    }

    private Connection connection() throws SQLException {
        return DriverManager.getConnection(url() + "?loginTimeout=5", USER, "");
    }

    /** Makes a statement. */
    public void execute(String sql) {
        try (Connection connection = connection();
                var statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    /** The one value of a query. */
    public String ask(String sql) {
        try (Connection connection = connection();
                var statement = connection.createStatement();
                var row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    /** Stops its processes ({@code STOP}) or lets them go on ({@code CONT}). */
    public void signal(String signal) {
        Process main = Objects.requireNonNull(process);
        Stream.concat(Stream.of(main.toHandle()), main.descendants()).forEach(each -> {
            try {
                new ProcessBuilder("kill", "-" + signal, String.valueOf(each.pid()))
                        .start()
                        .waitFor();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        });
    }

    /** By {@code SIGQUIT}, as after a crash. */
    @Override
    public void close() {
        Process main = process;
        if (main == null || !main.isAlive()) {
            return;
        }
        signal("CONT");
        try {
            new ProcessBuilder("kill", "-QUIT", String.valueOf(main.pid()))
                    .start()
                    .waitFor();
            assertThat(main.waitFor(60, TimeUnit.SECONDS)).isTrue();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
