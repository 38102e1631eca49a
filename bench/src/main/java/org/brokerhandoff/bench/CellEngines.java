package org.brokerhandoff.bench;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.brokerhandoff.bench.hosts.Host;
import org.brokerhandoff.bench.hosts.Hosts;
import org.brokerhandoff.custody.cells.cell.CellAddress;
import org.brokerhandoff.custody.service.CellAgentMain;
import org.brokerhandoff.embeddedkafka.LoopbackPorts;
import org.brokerhandoff.operations.process.JvmOptions;
import org.brokerhandoff.operations.secrets.SecretFile;

/** The processes of a custody of cells: three engines, and a PostgreSQL with a synchronous standby. */
final class CellEngines implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(90);
    private static final Pattern KEYS = Pattern.compile("db0:keys=(\\d+)");
    private static final String FIT = """
            protected-mode no
            save ""
            appendonly no
            maxmemory-policy noeviction
            activedefrag no
            slowlog-log-slower-than -1
            crash-log-enabled no
            crash-memcheck-enabled no
            user default off
            user handoff on >SECRET resetchannels ~h:* -@all +set +get +getrange +setrange +pexpireat +evalsha +script|load +echo +ping +time +scan +hello
            user agent on >SECRET resetchannels %W~host -@all +set +info +ping +hello
            user examiner on >SECRET resetchannels %R~host -@all +get +info +config|get +memory|malloc-stats +acl|users +acl|getuser +acl|dryrun +time +ping +hello
            """;

    private final Path folder;
    private final Extras extras;
    private final List<Integer> ports = new ArrayList<>();
    private final List<Integer> tlsPorts = new ArrayList<>();
    /** Of all users of the cells: 32 characters. */
    final String password = UUID.randomUUID().toString().replace("-", "");

    /** The three cells. */
    final List<EngineProcess> cells = new ArrayList<>();

    private final List<EngineProcess> agents = new ArrayList<>();
    final EngineDatabase database;

    /**
     * Further options.
     *
     * @param tls whether services ask the cells over TLS; without it they can be asked too, at another port
     * @param environment variables of all processes
     */
    record Extras(boolean tls, Map<String, String> environment) {
        static final Extras NONE = new Extras(false, Map.of());
    }

    /**
     * With a modified setting for the last cell.
     *
     * @param ofLast a line of its configuration, or nothing
     * @param hosts where they are
     */
    CellEngines(Path folder, String ofLast, Hosts hosts) throws IOException, InterruptedException {
        this(folder, ofLast, hosts, Extras.NONE);
    }

    /** As above, with further options. */
    CellEngines(Path folder, String ofLast, Hosts hosts, Extras extras) throws IOException, InterruptedException {
        this.folder = Files.createDirectories(folder).toAbsolutePath();
        this.extras = extras;
        if (extras.tls()) {
            CellCertificate.write(this.folder);
        }
        Map<String, String> environment = new HashMap<>(extras.environment());
        environment.put("MALLOC_CONF", "junk:free");
        try {
            for (int cell = 0; cell < 3; cell++) {
                ports.add(LoopbackPorts.free());
                tlsPorts.add(LoopbackPorts.free());
                Path own = Files.createDirectories(this.folder.resolve("cell" + cell));
                Host host = hosts.host("cell" + cell);
                cells.add(new EngineProcess(
                        "cell" + cell,
                        host,
                        List.of(
                                engine().orElseThrow().toString(),
                                own.resolve("cell.conf").toString()),
                        environment,
                        own));
                configure(cell, cell == 2 ? ofLast : "");
                start(cell);
            }
            // Only its owner can access a temporary folder, and if that is root, the database's user is another one.
            for (Path open : List.of(this.folder, this.folder.getParent())) {
                Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxr-xr-x"));
            }
            database = new EngineDatabase(this.folder, hosts, extras.environment());
        } catch (IOException | InterruptedException | RuntimeException e) {
            cells.forEach(EngineProcess::close);
            throw e;
        }
    }

    /** Which program is missing on this machine; empty if none is. */
    static Optional<String> missing() {
        return engine().isEmpty()
                ? Optional.of("no valkey-server or redis-server on the path")
                : EngineDatabase.missing();
    }

    private static Optional<Path> engine() {
        return Stream.of("valkey-server", "redis-server")
                .flatMap(name -> Arrays.stream(System.getenv("PATH").split(":")).map(at -> Path.of(at, name)))
                .filter(Files::isExecutable)
                .findFirst();
    }

    private void configure(int cell, String more) throws IOException {
        Path own = folder.resolve("cell" + cell);
        Files.writeString(
                own.resolve("cell.conf"),
                FIT.replace("SECRET", password) + "bind "
                        + cells.get(cell).host().address() + "\ndir " + own + "\nport "
                        + ports.get(cell) + "\n"
                        + (extras.tls() ? CellCertificate.settings(folder, tlsPorts.get(cell)) : "")
                        + more + "\n");
    }

    /** Certificate of the authority that vouches for the cells, if they are asked over TLS. */
    Optional<Path> authority() {
        return extras.tls() ? Optional.of(CellCertificate.authority(folder)) : Optional.empty();
    }

    /** Where the services find a cell. */
    CellAddress address(int cell) {
        return new CellAddress(
                cells.get(cell).host().address(),
                (extras.tls() ? tlsPorts : ports).get(cell),
                "handoff",
                password,
                "examiner",
                password);
    }

    /** {@code kill -9}: it has lost its content. */
    void kill(int cell) throws InterruptedException {
        cells.get(cell).kill();
    }

    /** Starts a cell, empty. */
    void start(int cell) throws IOException, InterruptedException {
        cells.get(cell).start();
        boolean listens = Rig.waitFor(
                () -> {
                    try (Socket socket = new Socket(cells.get(cell).host().address(), ports.get(cell))) {
                        return socket.isConnected();
                    } catch (IOException e) {
                        return false;
                    }
                },
                LIMIT,
                "a cell");
        if (!listens) {
            throw new IOException("cell " + cell + " does not listen");
        }
    }

    /** Suspends a cell, which then answers nothing. */
    void suspend(int cell) throws IOException, InterruptedException {
        cells.get(cell).suspended(true);
    }

    /** Resumes a suspended cell. */
    void proceed(int cell) throws IOException, InterruptedException {
        cells.get(cell).suspended(false);
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
                    passwordFile().toString()
                },
                new PrintWriter(StringWriter.nullWriter()),
                new PrintWriter(err));
        if (code > 1) {
            throw new IOException(err.toString());
        }
        return code == 0;
    }

    /** Starts an agent beside each cell, on its host: without their reports purges claim no more than {@code UNREADABLE}. */
    void startAgents() throws IOException {
        for (int cell = 0; cell < cells.size(); cell++) {
            Host host = cells.get(cell).host();
            List<String> command =
                    new ArrayList<>(JvmOptions.command(CellAgentMain.class.getName(), "-Xmx32m", "-XX:+UseSerialGC"));
            command.addAll(List.of("--host", host.address(), "--port", String.valueOf(ports.get(cell))));
            command.addAll(List.of("--password-file", passwordFile().toString()));
            EngineProcess agent =
                    new EngineProcess("agent" + cell, host, command, Map.of(), folder.resolve("cell" + cell));
            agents.add(agent);
            agent.start();
        }
    }

    private Path passwordFile() throws IOException {
        Path file = folder.resolve("cells.password");
        if (!Files.exists(file)) {
            SecretFile.create(file, password + "\n");
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
        configure(2, "");
        start(2);
    }

    /** Number of shares, and of zeros in their places, in a cell. */
    int keys(int cell) {
        try (Socket socket = new Socket(cells.get(cell).host().address(), ports.get(cell))) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream()
                    .write(("AUTH examiner " + password + "\r\nINFO keyspace\r\nPING\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
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

    /** Whether a cell that was started again has at least as many shares as there are keys. */
    boolean isRepaired(int cell) {
        try {
            return database.number("SELECT count(*) FROM custody WHERE state IN ('HELD', 'OFFERED')") <= keys(cell);
        } catch (IllegalStateException | UncheckedIOException e) {
            // One of them does not answer at the moment.
            return false;
        }
    }

    /** Where their files are. */
    Path folder() {
        return folder;
    }

    /** Whether there is no row of which {@code condition} holds. */
    boolean noneIs(String condition) {
        return database.number("SELECT count(*) FROM custody WHERE " + condition) == 0;
    }

    /** Progress of the decisions. */
    long serial() {
        return database.number("SELECT serial FROM custody_progress");
    }

    /** The setting with a cells file that accepts an older database. */
    String accepting(String setting) throws IOException {
        Path file = Path.of(setting.substring("cells:".length()));
        Path accepting = file.resolveSibling("accepting.yaml");
        Files.writeString(accepting, Files.readString(file).replace("database:\n", "database:\n  acceptOlder: true\n"));
        return "cells:" + accepting;
    }

    /** The value of {@code HANDOFF_CUSTODY}, whose file is created here. */
    String setting() throws IOException {
        StringBuilder yaml =
                new StringBuilder("database:\n  url: " + database.url() + "\n  user: " + EngineDatabase.USER
                        + "\nroster: 1\nidempotencyKeyFile: " + idempotencyKey().getFileName() + "\n");
        authority().ifPresent(file -> yaml.append("caFile: ").append(file).append('\n'));
        yaml.append("cells:\n");
        Path name = passwordFile().getFileName();
        for (int cell = 0; cell < cells.size(); cell++) {
            CellAddress at = address(cell);
            yaml.append("  - {host: " + at.host() + ", port: " + at.port() + ", user: handoff, passwordFile: " + name
                    + ", examiner: examiner, examinerPasswordFile: " + name + "}\n");
        }
        return "cells:" + Files.writeString(folder.resolve("cells.yaml"), yaml).toAbsolutePath();
    }

    @Override
    public void close() {
        agents.forEach(EngineProcess::close);
        cells.forEach(EngineProcess::close);
        database.close();
    }
}
