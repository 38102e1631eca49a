package org.brokerhandoff.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.brokerhandoff.bench.hosts.Host;
import org.brokerhandoff.bench.hosts.Hosts;
import org.brokerhandoff.embeddedkafka.LoopbackPorts;

/** A PostgreSQL with a synchronous standby, each on a host of its own. */
final class EngineDatabase implements AutoCloseable {
    static final String USER = "postgres";
    private static final Duration LIMIT = Duration.ofSeconds(90);
    private static final boolean ROOT = "root".equals(System.getProperty("user.name"));

    private final Path folder;
    private final int port;
    private final int standbyPort;
    final EngineProcess primary;
    final EngineProcess standby;

    /**
     * Starts both.
     *
     * @param environment further variables of their environment
     */
    EngineDatabase(Path folder, Hosts hosts, Map<String, String> environment) throws IOException, InterruptedException {
        this.folder = folder;
        this.port = LoopbackPorts.free();
        this.standbyPort = LoopbackPorts.free();
        Path own = owned("primary");
        Path other = owned("standby");
        this.primary = process(own, hosts.host("primary"), port, environment);
        this.standby = process(other, hosts.host("standby"), standbyPort, environment);
        try {
            start(own, other);
        } catch (IOException | InterruptedException | RuntimeException e) {
            close();
            throw e;
        }
    }

    private void start(Path own, Path other) throws IOException, InterruptedException {
        Host first = primary.host();
        run(own, first, "initdb", "-D", own.resolve("data").toString(), "-U", USER, "-A", "trust", "--no-sync");
        Files.writeString(
                own.resolve("data").resolve("pg_hba.conf"),
                "host all all samenet trust\nhost replication all samenet trust\n",
                StandardOpenOption.APPEND);
        start(primary);
        run(
                other,
                standby.host(),
                "pg_basebackup",
                "-D",
                other.resolve("data").toString(),
                "-R",
                "--no-sync",
                "-c",
                "fast",
                "-d",
                "host=" + first.address() + " port=" + port + " user=" + USER + " application_name=standby");
        start(standby);
        execute("ALTER SYSTEM SET synchronous_standby_names = 'standby'");
        execute("SELECT pg_reload_conf()");
    }

    /** Why there can be none here; empty if there can. */
    static Optional<String> missing() {
        if (programs().isEmpty()) {
            return Optional.of("no PostgreSQL in /usr/lib/postgresql");
        }
        return ROOT && !Files.isExecutable(Path.of("/usr/bin/setpriv"))
                ? Optional.of("root, and no setpriv")
                : Optional.empty();
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

    /** PostgreSQL does not run as root. */
    private Path owned(String name) throws IOException, InterruptedException {
        Path own = Files.createDirectories(folder.resolve(name));
        if (ROOT && new ProcessBuilder("chown", USER, own.toString()).start().waitFor() != 0) {
            throw new IOException("chown " + USER + " " + own);
        }
        return own;
    }

    private static List<String> program(String name, String... arguments) {
        List<String> command = new ArrayList<>();
        if (ROOT) {
            command.addAll(List.of("/usr/bin/setpriv", "--reuid", USER, "--regid", USER, "--clear-groups"));
        }
        command.add(programs().orElseThrow().resolve(name).toString());
        command.addAll(List.of(arguments));
        return command;
    }

    private void run(Path own, Host host, String name, String... arguments) throws IOException, InterruptedException {
        Path log = folder.resolve(name + ".log");
        int code = new ProcessBuilder(host.command(program(name, arguments)))
                .directory(own.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start()
                .waitFor();
        if (code != 0) {
            throw new IOException(name + " ended with " + code + "; its output is in " + log);
        }
    }

    private static EngineProcess process(Path own, Host host, int port, Map<String, String> environment) {
        List<String> command = program(
                "postgres",
                "-D",
                own.resolve("data").toString(),
                "-p",
                String.valueOf(port),
                "-c",
                "listen_addresses=" + host.address(),
                "-c",
                "unix_socket_directories=",
                "-c",
                "shared_buffers=32MB");
        return new EngineProcess(String.valueOf(own.getFileName()), host, command, environment, own);
    }

    private static void awaitAnswer(Host host, int port) throws IOException, InterruptedException {
        boolean answers = Rig.waitFor(
                () -> {
                    try (Connection connection = DriverManager.getConnection(url(host, port) + "postgres", USER, "")) {
                        return connection.isValid(1);
                    } catch (SQLException e) {
                        return false;
                    }
                },
                LIMIT,
                "PostgreSQL");
        if (!answers) {
            throw new IOException("PostgreSQL does not answer at " + host.address() + ":" + port);
        }
    }

    /** Starts the primary or the standby, also after it was killed. */
    void start(EngineProcess server) throws IOException, InterruptedException {
        server.start();
        awaitAnswer(server.host(), server == primary ? port : standbyPort);
    }

    private static String url(Host host, int port) {
        return "jdbc:postgresql://" + host.address() + ":" + port + "/";
    }

    /** Address of the primary for JDBC; its user is {@link #USER}, without a password. */
    String url() {
        return url("postgres");
    }

    /** As above, of another database of it. */
    String url(String database) {
        return url(primary.host(), port) + database;
    }

    /** Executes a statement on the primary. */
    void execute(String sql) {
        try (Connection connection = DriverManager.getConnection(url(), USER, "");
                var statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The number that a query of the primary results in. */
    long number(String query) {
        try (Connection connection = DriverManager.getConnection(url(), USER, "");
                var statement = connection.createStatement();
                var row = statement.executeQuery(query)) {
            row.next();
            return row.getLong(1);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The signup of a reservation that no request has finished. */
    Optional<UUID> unfinished() {
        try (Connection connection = DriverManager.getConnection(url(), USER, "");
                var statement = connection.createStatement();
                var row = statement.executeQuery("SELECT signup_id FROM reservation WHERE NOT accepted")) {
            return row.next() ? Optional.of(row.getObject(1, UUID.class)) : Optional.empty();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Whether no service, and no command, has created tables. */
    boolean hasNoTables() {
        try (Connection connection = DriverManager.getConnection(url(), USER, "");
                var tables = connection.getMetaData().getTables(null, "public", "%", null)) {
            return !tables.next();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Dumps the database by {@code pg_dump}. */
    void dump(Path to) throws IOException, InterruptedException {
        Path own = folder.resolve("primary").resolve("dump.sql");
        client("pg_dump", "--clean", "-f", own.toString());
        Files.copy(own, to);
    }

    /** Restores a dump by {@code psql}, replacing the current content. */
    void restore(Path dump) throws IOException, InterruptedException {
        Path own = folder.resolve("primary").resolve("restore.sql");
        Files.copy(dump, own, StandardCopyOption.REPLACE_EXISTING);
        client("psql", "--single-transaction", "-v", "ON_ERROR_STOP=1", "-f", own.toString());
    }

    private void client(String name, String... arguments) throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(
                List.of("-h", primary.host().address(), "-p", String.valueOf(port), "-U", USER, "-d", "postgres"));
        all.addAll(List.of(arguments));
        run(folder.resolve("primary"), primary.host(), name, all.toArray(String[]::new));
    }

    @Override
    public void close() {
        standby.close();
        // SIGTERM would wait for the services' connections.
        primary.close();
    }
}
