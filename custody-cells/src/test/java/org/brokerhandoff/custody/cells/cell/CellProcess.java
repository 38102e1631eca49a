package org.brokerhandoff.custody.cells.cell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.lettuce.core.api.StatefulRedisConnection;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A real Valkey or Redis process with a folder and a port of its own. */
public final class CellProcess implements AutoCloseable {
    private static final Pattern KEYS = Pattern.compile("db0:keys=(\\d+)");

    private final Path folder;
    private final int port;
    private final boolean junk;
    private @Nullable Process process;

    private CellProcess(Path folder, int port, boolean junk) {
        this.folder = folder;
        this.port = port;
        this.junk = junk;
    }

    /** Skips the test, and says why, where there is no engine. */
    public static void assumeInstalled() {
        assumeTrue(engine().isPresent(), "no valkey-server or redis-server on the path: tests of cells are skipped");
    }

    private static Optional<Path> engine() {
        return List.of("valkey-server", "redis-server").stream()
                .flatMap(name -> Arrays.stream(Optional.ofNullable(System.getenv("PATH"))
                                .orElse("")
                                .split(":"))
                        .map(folder -> Path.of(folder, name)))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** A fit one. */
    public static CellProcess start(Path folder) {
        return start(folder, true);
    }

    /**
     * One of which something is not as it has to be.
     *
     * @param junk whether freed memory is overwritten
     * @param settings lines of its configuration that come last, and so count; {@code {port}} is its port
     */
    public static CellProcess start(Path folder, boolean junk, String... settings) {
        try (InputStream in = Objects.requireNonNull(CellProcess.class.getResourceAsStream("cell.conf"))) {
            Files.createDirectories(folder);
            int port = freePort();
            String fit = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            // A user may stand there only once.
            boolean otherDefault = Arrays.stream(settings).anyMatch(setting -> setting.startsWith("user default"));
            String conf =
                    (otherDefault ? fit.replace("user default off\n", "") : fit) + "dir " + folder + "\n" + "port "
                            + port + "\n" + String.join("\n", settings).replace("{port}", String.valueOf(port)) + "\n";
            Files.writeString(folder.resolve("cell.conf"), conf);
            CellProcess cell = new CellProcess(folder, port, junk);
            cell.restart();
            return cell;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0)) {
            return free.getLocalPort();
        }
    }

    /** Starts it (again), with nothing in it. */
    public void restart() {
        close();
        ProcessBuilder builder = new ProcessBuilder(
                        engine().orElseThrow().toString(),
                        folder.resolve("cell.conf").toString())
                .redirectErrorStream(true)
                .redirectOutput(
                        ProcessBuilder.Redirect.appendTo(folder.resolve("log").toFile()));
        if (junk) {
            builder.environment().put("MALLOC_CONF", "junk:free");
        }
        try {
            process = builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        await().atMost(30, TimeUnit.SECONDS)
                .pollInterval(20, TimeUnit.MILLISECONDS)
                .until(this::answers);
    }

    private boolean answers() {
        if (!Objects.requireNonNull(process).isAlive()) {
            throw new IllegalStateException("the engine has ended: " + log());
        }
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 200);
            // Without a listener, a connection from this very port may have reached itself.
            return socket.getLocalPort() != port;
        } catch (IOException e) {
            return false;
        }
    }

    private String log() {
        try {
            return Files.readString(folder.resolve("log"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Stops it ({@code STOP}) or lets it go on ({@code CONT}). */
    public void signal(String signal) {
        try {
            long id = Objects.requireNonNull(process).pid();
            assertThat(new ProcessBuilder("kill", "-" + signal, String.valueOf(id))
                            .start()
                            .waitFor())
                    .isZero();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** How many keys it has; those that have expired and are not dropped yet count. */
    public long keys(CellClient client) {
        try (StatefulRedisConnection<String, String> connection = client.examiner(address())) {
            Matcher keys = KEYS.matcher(connection.sync().info("keyspace"));
            return keys.find() ? Long.parseLong(keys.group(1)) : 0;
        }
    }

    /** Of the process that runs now. */
    public long pid() {
        return Objects.requireNonNull(process).pid();
    }

    public int port() {
        return port;
    }

    public CellAddress address() {
        return new CellAddress("127.0.0.1", port, "handoff", "test", "examiner", "test");
    }

    /** Ends it by {@code kill -9}; it may be started again. */
    public void kill() {
        close();
    }

    /** By {@code kill -9}. */
    @Override
    public void close() {
        if (process != null) {
            process.destroyForcibly();
            try {
                assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }
}
