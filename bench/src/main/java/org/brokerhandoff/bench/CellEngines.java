package org.brokerhandoff.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.brokerhandoff.custody.service.CellAgentMain;
import org.brokerhandoff.embeddedkafka.LoopbackPorts;
import org.brokerhandoff.operations.secrets.SecretFile;

/** The processes of a custody of cells: three engines, and a PostgreSQL with a synchronous standby. Skips the test if one is missing. */
final class CellEngines implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(90);
    private static final String USER = "postgres";
    private static final boolean ROOT = "root".equals(System.getProperty("user.name"));
    private static final Pattern KEYS = Pattern.compile("db0:keys=(\\d+)");
    private static final String FIT = """
            bind 127.0.0.1
            save ""
            appendonly no
            maxmemory-policy noeviction
            activedefrag no
            slowlog-log-slower-than -1
            crash-log-enabled no
            crash-memcheck-enabled no
            user default off
            user handoff on >secret resetchannels ~h:* -@all +set +get +getrange +setrange +pexpireat +evalsha +script|load +echo +ping +time +scan +hello
            user agent on >secret resetchannels %W~host -@all +set +info +ping +hello
            user examiner on >secret resetchannels %R~host -@all +get +info +config|get +memory|malloc-stats +acl|users +acl|getuser +acl|dryrun +time +ping +hello
            """;

    private final Path folder;
    private final List<Integer> ports = new ArrayList<>();
    private final List<Process> cells = new ArrayList<>();
    private final Deque<Process> databases = new ArrayDeque<>();
    private final int primary;

    /** Fit ones. */
    CellEngines(Path folder) throws IOException, InterruptedException {
        this(folder, "");
    }

    /**
     * With a modified setting for the last cell.
     *
     * @param ofLast a line of its configuration
     */
    CellEngines(Path folder, String ofLast) throws IOException, InterruptedException {
        assumeTrue(engine().isPresent(), "no valkey-server or redis-server on the path");
        assumeTrue(programs().isPresent(), "no PostgreSQL in /usr/lib/postgresql");
        assumeTrue(!ROOT || Files.isExecutable(Path.of("/usr/bin/setpriv")), "root, and no setpriv");
        this.folder = Files.createDirectories(folder);
        for (int cell = 0; cell < 3; cell++) {
            ports.add(LoopbackPorts.free());
            Path own = Files.createDirectories(folder.resolve("cell" + cell));
            Files.writeString(
                    own.resolve("cell.conf"),
                    FIT + "dir " + own + "\nport " + ports.get(cell) + "\n" + (cell == 2 ? ofLast + "\n" : ""));
            cells.add(started(cell));
        }
        // Only its owner can access JUnit's folder, and if that is root, the database's user is another one.
        for (Path open : List.of(folder, folder.getParent())) {
            Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        Path first = owned("primary");
        run(first, "initdb", "-D", first.resolve("data").toString(), "-U", USER, "-A", "trust", "--no-sync");
        primary = LoopbackPorts.free();
        database(first, primary);
        Path second = owned("standby");
        String at = "host=127.0.0.1 port=" + primary + " user=" + USER + " application_name=standby";
        run(
                second,
                "pg_basebackup",
                "-D",
                second.resolve("data").toString(),
                "-R",
                "--no-sync",
                "-c",
                "fast",
                "-d",
                at);
        database(second, LoopbackPorts.free());
        execute("ALTER SYSTEM SET synchronous_standby_names = 'standby'");
        execute("SELECT pg_reload_conf()");
    }

    private static Optional<Path> engine() {
        return Stream.of("valkey-server", "redis-server")
                .flatMap(name -> Arrays.stream(System.getenv("PATH").split(":")).map(at -> Path.of(at, name)))
                .filter(Files::isExecutable)
                .findFirst();
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

    private Path owned(String name) throws IOException, InterruptedException {
        Path own = Files.createDirectories(folder.resolve(name));
        if (ROOT) {
            assertThat(new ProcessBuilder("chown", USER, own.toString()).start().waitFor())
                    .isZero();
        }
        return own;
    }

    private Process program(Path own, String name, String... arguments) throws IOException {
        List<String> command = new ArrayList<>();
        if (ROOT) {
            command.addAll(List.of("/usr/bin/setpriv", "--reuid", USER, "--regid", USER, "--clear-groups"));
        }
        command.add(programs().orElseThrow().resolve(name).toString());
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command)
                .directory(own.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        folder.resolve(name + ".log").toFile()))
                .start();
    }

    private void run(Path own, String name, String... arguments) throws IOException, InterruptedException {
        assertThat(program(own, name, arguments).waitFor()).as(name).isZero();
    }

    private void database(Path own, int port) throws IOException {
        databases.push(program(
                own,
                "postgres",
                "-D",
                own.resolve("data").toString(),
                "-p",
                String.valueOf(port),
                "-c",
                "listen_addresses=127.0.0.1",
                "-c",
                "unix_socket_directories=",
                "-c",
                "shared_buffers=32MB"));
        await().atMost(LIMIT).ignoreExceptions().until(() -> {
            try (Connection connection = DriverManager.getConnection(url(port), USER, "")) {
                return connection.isValid(1);
            }
        });
    }

    private static String url(int port) {
        return "jdbc:postgresql://127.0.0.1:" + port + "/postgres";
    }

    /** Executes a statement on the primary. */
    void execute(String sql) {
        try (Connection connection = DriverManager.getConnection(url(primary), USER, "");
                var statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    private Process started(int cell) throws IOException {
        Path own = folder.resolve("cell" + cell);
        ProcessBuilder builder = new ProcessBuilder(
                        engine().orElseThrow().toString(),
                        own.resolve("cell.conf").toString())
                .redirectErrorStream(true)
                .redirectOutput(
                        ProcessBuilder.Redirect.appendTo(own.resolve("log").toFile()));
        builder.environment().put("MALLOC_CONF", "junk:free");
        Process process = builder.start();
        await().atMost(LIMIT).ignoreExceptions().until(() -> {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), ports.get(cell))) {
                return socket.isConnected();
            }
        });
        return process;
    }

    /** {@code kill -9}: it has lost its content. */
    void kill(int cell) throws InterruptedException {
        cells.get(cell).destroyForcibly().waitFor();
    }

    /** Suspends a cell, which then answers nothing. */
    void suspend(int cell) throws IOException, InterruptedException {
        ProcessSignals.stop(cells.get(cell).pid());
    }

    /** Resumes a suspended cell. */
    void proceed(int cell) throws IOException, InterruptedException {
        ProcessSignals.proceed(cells.get(cell).pid());
    }

    /** Restarts a killed cell, empty. */
    void start(int cell) throws IOException {
        cells.set(cell, started(cell));
    }

    /** Makes an agent inspect a cell's memory and store its report in it; returns whether that memory reaches no disk. */
    boolean report(int cell) throws IOException {
        StringWriter err = new StringWriter();
        int code = CellAgentMain.run(
                new String[] {
                    "--once",
                    "--port",
                    String.valueOf(ports.get(cell)),
                    "--password-file",
                    password().toString()
                },
                new PrintWriter(StringWriter.nullWriter()),
                new PrintWriter(err));
        assertThat(code).as(err.toString()).isBetween(0, 1);
        return code == 0;
    }

    private Path password() throws IOException {
        Path file = folder.resolve("cells.password");
        if (!Files.exists(file)) {
            SecretFile.create(file, "secret\n");
        }
        return file;
    }

    private Path idempotencyKey() throws IOException {
        Path file = folder.resolve("idempotency.key");
        if (!Files.exists(file)) {
            SecretFile.create(file, "a secret that no other installation has\n");
        }
        return file;
    }

    /** Restarts the last cell, with the correct settings. */
    void repairLast() throws IOException, InterruptedException {
        kill(2);
        Path own = folder.resolve("cell2");
        Files.writeString(own.resolve("cell.conf"), FIT + "dir " + own + "\nport " + ports.get(2) + "\n");
        start(2);
    }

    /** Number of shares, and of zeros in their places, in a cell. */
    int keys(int cell) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), ports.get(cell))) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream()
                    .write("AUTH examiner secret\r\nINFO keyspace\r\nPING\r\n".getBytes(StandardCharsets.US_ASCII));
            StringBuilder said = new StringBuilder();
            byte[] some = new byte[512];
            while (said.indexOf("+PONG") < 0) {
                int read = socket.getInputStream().read(some);
                said.append(new String(some, 0, Math.max(0, read), StandardCharsets.US_ASCII));
            }
            Matcher keys = KEYS.matcher(said);
            return keys.find() ? Integer.parseInt(keys.group(1)) : 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether there is no row of which {@code condition} holds. */
    boolean noneIs(String condition) {
        return number("SELECT count(*) FROM custody WHERE " + condition) == 0;
    }

    /** The signup of a reservation that no request has finished. */
    Optional<UUID> unfinished() {
        try (Connection connection = DriverManager.getConnection(url(primary), USER, "");
                var statement = connection.createStatement();
                var row = statement.executeQuery("SELECT signup_id FROM reservation WHERE NOT accepted")) {
            return row.next() ? Optional.of(row.getObject(1, UUID.class)) : Optional.empty();
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    private long number(String query) {
        try (Connection connection = DriverManager.getConnection(url(primary), USER, "");
                var statement = connection.createStatement();
                var row = statement.executeQuery(query)) {
            row.next();
            return row.getLong(1);
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    /** Dumps the database by {@code pg_dump}. */
    void dump(Path to) throws IOException, InterruptedException {
        Path own = folder.resolve("primary").resolve("dump.sql");
        run(
                folder.resolve("primary"),
                "pg_dump",
                "--clean",
                "-h",
                "127.0.0.1",
                "-p",
                String.valueOf(primary),
                "-U",
                USER,
                "-f",
                own.toString(),
                "postgres");
        Files.copy(own, to);
    }

    /** Restores a dump by {@code psql}, replacing the current content. */
    void restore(Path dump) throws IOException, InterruptedException {
        Path own = folder.resolve("primary").resolve("restore.sql");
        Files.copy(dump, own, StandardCopyOption.REPLACE_EXISTING);
        run(
                folder.resolve("primary"),
                "psql",
                "--single-transaction",
                "-v",
                "ON_ERROR_STOP=1",
                "-h",
                "127.0.0.1",
                "-p",
                String.valueOf(primary),
                "-U",
                USER,
                "-f",
                own.toString(),
                "postgres");
    }

    /** Progress of the decisions. */
    long serial() {
        return number("SELECT serial FROM custody_progress");
    }

    /** The setting with a cells file that accepts an older database. */
    String accepting(String setting) throws IOException {
        Path file = Path.of(setting.substring("cells:".length()));
        Path accepting = file.resolveSibling("accepting.yaml");
        Files.writeString(accepting, Files.readString(file).replace("database:\n", "database:\n  acceptOlder: true\n"));
        return "cells:" + accepting;
    }

    /** Whether no service, and no command, has created tables. */
    boolean hasNoTables() {
        try (Connection connection = DriverManager.getConnection(url(primary), USER, "");
                var tables = connection.getMetaData().getTables(null, "public", "%", null)) {
            return !tables.next();
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    /** The value of {@code HANDOFF_CUSTODY}, whose file is created here. */
    String setting() throws IOException {
        StringBuilder yaml = new StringBuilder("database:\n  url: " + url(primary) + "\n  user: " + USER
                + "\nroster: 1\nidempotencyKeyFile: " + idempotencyKey().getFileName() + "\ncells:\n");
        Path name = password().getFileName();
        ports.forEach(port -> yaml.append("  - {host: 127.0.0.1, port: " + port + ", user: handoff," + " passwordFile: "
                + name + ", examiner: examiner, examinerPasswordFile: " + name + "}\n"));
        return "cells:" + Files.writeString(folder.resolve("cells.yaml"), yaml);
    }

    @Override
    public void close() {
        cells.forEach(Process::destroyForcibly);
        while (!databases.isEmpty()) {
            Process database = databases.pop();
            // SIGTERM would wait for the services' connections; its children end with it anyway.
            database.descendants().forEach(ProcessHandle::destroyForcibly);
            database.destroyForcibly();
        }
    }
}
