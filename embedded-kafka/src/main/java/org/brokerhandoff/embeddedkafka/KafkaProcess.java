package org.brokerhandoff.embeddedkafka;

import static java.util.concurrent.TimeUnit.SECONDS;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.brokerhandoff.operations.process.JvmOptions;

/**
 * The embedded broker in a separate JVM, so that a test can take it away as a power cut would.
 *
 * <p>The forked JVM runs on this JVM's class path. It ends with this one, however this one ends. Not safe for use by
 * several threads at once.
 */
public final class KafkaProcess implements AutoCloseable {

    private static final Duration START_DEADLINE = Duration.ofMinutes(3);
    private static final Duration STOP_DEADLINE = Duration.ofSeconds(20);
    private static final int LOG_TAIL_LINES = 40;

    private final EmbeddedKafkaSettings settings;
    private final Path outputFile;
    private Process process;

    private KafkaProcess(EmbeddedKafkaSettings settings, Path outputFile, Process process) {
        this.settings = settings;
        this.outputFile = outputFile;
        this.process = process;
    }

    /**
     * Forks a broker and returns when it serves.
     *
     * @throws EmbeddedKafkaFailed if it does not serve within three minutes, or ends before; the message has the end of its
     *     output
     */
    public static KafkaProcess start(EmbeddedKafkaSettings requested) {
        KafkaProcess kafka = startWithoutWaiting(requested);
        kafka.awaitServing();
        return kafka;
    }

    /** A member of a cluster serves only when enough others run; {@link #awaitServing} has to follow. */
    static KafkaProcess startWithoutWaiting(EmbeddedKafkaSettings requested) {
        try {
            EmbeddedKafkaSettings settings = requested.withPort(EmbeddedKafka.choosePort(requested));
            Files.createDirectories(settings.dataDirectory());
            Path outputFile = settings.dataDirectory().resolve("broker-output.txt");
            return new KafkaProcess(settings, outputFile, fork(settings, outputFile));
        } catch (IOException forking) {
            throw new UncheckedIOException("cannot fork a Kafka broker", forking);
        }
    }

    /** Address for clients; the same before and after a restart. */
    public String bootstrapServers() {
        return settings.host() + ":" + settings.port();
    }

    /** Directory that holds one subdirectory per topic partition, with the segment files. */
    public Path logDirectory() {
        return EmbeddedKafka.logDirectory(settings.dataDirectory());
    }

    /** Process id of the broker, for tests that stop and continue it. */
    public long pid() {
        return process.pid();
    }

    /** Ends the broker with SIGKILL, so that it can write nothing more, and returns when it is gone. */
    public void kill() {
        process.destroyForcibly();
        awaitEnd();
    }

    /**
     * Starts the broker again on the same directory and port and returns when it serves; one that still runs is closed
     * in an orderly way first.
     *
     * @throws EmbeddedKafkaFailed as {@link #start}
     */
    public void restart() {
        close();
        try {
            process = fork(settings, outputFile);
        } catch (IOException forking) {
            throw new UncheckedIOException("cannot fork a Kafka broker", forking);
        }
        awaitServing();
    }

    /** Stops the broker in an orderly way, or by force after 20 s; does nothing if it is gone already. */
    @Override
    public void close() {
        try {
            process.getOutputStream().close();
        } catch (IOException goneAlready) {
            // Its end is what was wanted.
        }
        try {
            if (!process.waitFor(STOP_DEADLINE.toSeconds(), SECONDS)) {
                kill();
            }
        } catch (InterruptedException interruption) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    private static Process fork(EmbeddedKafkaSettings settings, Path outputFile) throws IOException {
        List<String> command = JvmOptions.command(KafkaProcessMain.class, options());
        command.addAll(List.of(
                settings.dataDirectory().toAbsolutePath().toString(),
                settings.host() + ":" + settings.port(),
                settings.member().map(ClusterMember::asArgument).orElse("-")));
        settings.brokerProperties().forEach((name, value) -> command.add(name + "=" + value));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(outputFile.toFile()))
                .start();
    }

    /** A broker of a test, which ends soon, is started with its own options, between spaces in {@code handoff.test.kafka.options}. */
    private static String[] options() {
        String ofTests = System.getProperty("handoff.test.kafka.options", "");
        // Compiler threads that end would take their time into the process's sum, where it looks like the work's.
        String always = "-Xms64m -Xmx256m -XX:+UseSerialGC -XX:-UseDynamicNumberOfCompilerThreads ";
        return (always + ofTests).strip().split(" +", -1);
    }

    void awaitServing() {
        long deadlineNanos = System.nanoTime() + START_DEADLINE.toNanos();
        Map<String, Object> client = Map.of(
                AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG,
                bootstrapServers(),
                AdminClientConfig.RECONNECT_BACKOFF_MS_CONFIG,
                50,
                AdminClientConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG,
                200,
                // On a busy machine a broker takes seconds for its first answers.
                AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                5000,
                AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG,
                5000);
        try (Admin admin = Admin.create(client)) {
            while (System.nanoTime() < deadlineNanos) {
                if (!process.isAlive()) {
                    throw new EmbeddedKafkaFailed(
                            "the Kafka process ended with status " + process.exitValue() + outputTail(), null);
                }
                if (serves(admin, settings.nodeId())) {
                    return;
                }
            }
        } catch (InterruptedException interruption) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new EmbeddedKafkaFailed("interrupted while the Kafka process was starting", interruption);
        }
        process.destroyForcibly();
        throw new EmbeddedKafkaFailed(
                "the Kafka process did not serve on " + bootstrapServers() + " within " + START_DEADLINE + outputTail(),
                null);
    }

    private static boolean serves(Admin admin, int nodeId) throws InterruptedException {
        try {
            return admin.describeCluster().nodes().get(6, SECONDS).stream().anyMatch(node -> node.id() == nodeId);
        } catch (ExecutionException | TimeoutException notYet) {
            return false;
        }
    }

    private void awaitEnd() {
        try {
            if (!process.waitFor(STOP_DEADLINE.toSeconds(), SECONDS)) {
                throw new EmbeddedKafkaFailed("the Kafka process " + process.pid() + " did not end", null);
            }
        } catch (InterruptedException interruption) {
            Thread.currentThread().interrupt();
            throw new EmbeddedKafkaFailed("interrupted while the Kafka process was ending", interruption);
        }
    }

    private String outputTail() {
        try {
            List<String> lines = Files.readAllLines(outputFile, StandardCharsets.UTF_8);
            return "; the end of its output:\n"
                    + String.join("\n", lines.subList(Math.max(0, lines.size() - LOG_TAIL_LINES), lines.size()));
        } catch (IOException unreadable) {
            return "; its output in " + outputFile + " cannot be read";
        }
    }
}
