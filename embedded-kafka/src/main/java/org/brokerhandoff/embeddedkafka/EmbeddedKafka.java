package org.brokerhandoff.embeddedkafka;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.BindException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Exit;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.MetadataVersion;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A Kafka broker and its KRaft controller in this JVM: Kafka's own server, listening on 127.0.0.1 only, unless its settings name another address of this machine.
 *
 * <p>Everything is kept in the data directory. A broker started later on the same directory serves the same records;
 * pass {@link #port()} of the earlier one to keep the address too.
 *
 * <p>Starting it sets this JVM's default locale to {@link Locale#ROOT}: Kafka's own code depends on it.
 */
public final class EmbeddedKafka implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedKafka.class);

    private static final int PORT_TRIES = 5;
    private static final String CLIENT_LISTENER = "PLAINTEXT";
    private static final String CONTROLLER_LISTENER = "CONTROLLER";

    private final KafkaRaftServer server;
    private final Path logDirectory;
    private final String host;
    private final int port;
    private final AtomicBoolean closed = new AtomicBoolean();

    private EmbeddedKafka(KafkaRaftServer server, Path logDirectory, String host, int port) {
        this.server = server;
        this.logDirectory = logDirectory;
        this.host = host;
        this.port = port;
    }

    /**
     * Starts a broker and returns when it serves.
     *
     * @throws EmbeddedKafkaFailed if the directory cannot be used, the port is taken, or Kafka refuses to start
     */
    public static EmbeddedKafka start(EmbeddedKafkaSettings settings) {
        // Kafka makes names upper and lower case by the default locale, and finds none of its own under a Turkish one.
        Locale.setDefault(Locale.ROOT);
        Path logDirectory = logDirectory(settings.dataDirectory());
        if (logDirectory.toString().contains(",")) {
            throw new EmbeddedKafkaFailed(
                    "Kafka treats a comma as the end of a directory name: choose a folder without one, not "
                            + logDirectory,
                    null);
        }
        try {
            formatIfNew(logDirectory, settings);
        } catch (Exception formatting) {
            throw new EmbeddedKafkaFailed("cannot prepare the Kafka directory " + logDirectory, formatting);
        }

        if (settings.port() != 0 && !LoopbackPorts.isFree(settings.port())) {
            throw new EmbeddedKafkaFailed(
                    "port " + settings.port() + " on " + settings.host() + " is taken by another program", null);
        }
        // Between choosing a free port and binding it, another process can take it.
        for (int attempt = 1; ; attempt++) {
            try {
                return startOnce(settings, logDirectory);
            } catch (EmbeddedKafkaFailed failure) {
                if (attempt == PORT_TRIES || !isPortTaken(failure)) {
                    throw failure;
                }
            }
        }
    }

    /** Address for clients, {@code host:port}. */
    public String bootstrapServers() {
        return host + ":" + port;
    }

    public int port() {
        return port;
    }

    /** Directory that holds one subdirectory per topic partition, with the segment files. */
    public Path logDirectory() {
        return logDirectory;
    }

    /** Where a broker with this data directory keeps its topic partitions, running or not. */
    public static Path logDirectory(Path dataDirectory) {
        return dataDirectory.toAbsolutePath().normalize().resolve("kafka-log");
    }

    /** Stops the broker in an orderly way; a second call does nothing. */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            server.shutdown();
            server.awaitShutdown();
        }
    }

    private static EmbeddedKafka startOnce(EmbeddedKafkaSettings settings, Path logDirectory) {
        int port;
        KafkaRaftServer server;
        try {
            port = settings.port() == 0 ? LoopbackPorts.free() : settings.port();
            KafkaConfig config = new KafkaConfig(properties(settings, logDirectory, port), false);
            server = new KafkaRaftServer(config, Time.SYSTEM);
        } catch (Exception refused) {
            throw new EmbeddedKafkaFailed("cannot set up the embedded Kafka broker in " + logDirectory, refused);
        }

        // Kafka ends its process when its start fails. Here that process is a test or the quickstart, which must hear
        // of it as an error instead. Once started, the rule is Kafka's again: a broker whose disk fails has to stop.
        Exit.setHaltProcedure(EmbeddedKafka::failInsteadOfEnding);
        Exit.setExitProcedure(EmbeddedKafka::failInsteadOfEnding);
        try {
            server.startup();
            return new EmbeddedKafka(server, logDirectory, settings.host(), port);
        } catch (Exception failure) {
            try {
                server.shutdown();
            } catch (Exception unfinished) {
                LOG.debug("the broker that failed to start did not stop cleanly", unfinished);
            }
            throw new EmbeddedKafkaFailed(
                    "the embedded Kafka broker in " + logDirectory + " did not start on port " + port, failure);
        } finally {
            Exit.resetHaltProcedure();
            Exit.resetExitProcedure();
        }
    }

    private static void failInsteadOfEnding(int status, String message) {
        throw new IllegalStateException("Kafka asked to end its process with status " + status);
    }

    private static boolean isPortTaken(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof BindException) {
                return true;
            }
        }
        return false;
    }

    private static void formatIfNew(Path logDirectory, EmbeddedKafkaSettings settings) throws Exception {
        Files.createDirectories(logDirectory);
        // The last file that formatting writes, so a directory without it is new or was left half formatted.
        if (Files.exists(logDirectory.resolve("meta.properties"))) {
            return;
        }
        new Formatter()
                .setPrintStream(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8))
                .setClusterId(settings.member()
                        .map(ClusterMember::clusterId)
                        .orElseGet(() -> Uuid.randomUuid().toString()))
                .setNodeId(settings.nodeId())
                .setReleaseVersion(MetadataVersion.LATEST_PRODUCTION)
                .setControllerListenerName(CONTROLLER_LISTENER)
                .setMetadataLogDirectory(logDirectory.toString())
                .addDirectory(logDirectory.toString())
                .run();
    }

    private static Map<String, String> properties(EmbeddedKafkaSettings settings, Path logDirectory, int port)
            throws IOException {
        int freePort = LoopbackPorts.free();
        int controllerPort =
                settings.member().map(ClusterMember::controllerPort).orElse(freePort);
        Map<String, String> properties = new HashMap<>(BrokerProperties.singleNode());
        properties.putAll(settings.brokerProperties());
        properties.put("process.roles", "broker,controller");
        properties.put("node.id", Integer.toString(settings.nodeId()));
        properties.put(
                "controller.quorum.voters",
                settings.member()
                        .map(member -> member.voters(EmbeddedKafkaSettings.LOOPBACK))
                        .orElse(settings.nodeId() + "@" + EmbeddedKafkaSettings.LOOPBACK + ":" + controllerPort));
        properties.put("controller.listener.names", CONTROLLER_LISTENER);
        properties.put("inter.broker.listener.name", CLIENT_LISTENER);
        String client = CLIENT_LISTENER + "://" + settings.host() + ":" + port;
        properties.put(
                "listeners",
                client + "," + CONTROLLER_LISTENER + "://" + EmbeddedKafkaSettings.LOOPBACK + ":" + controllerPort);
        properties.put("advertised.listeners", client);
        properties.put(
                "listener.security.protocol.map", CLIENT_LISTENER + ":PLAINTEXT," + CONTROLLER_LISTENER + ":PLAINTEXT");
        properties.put("log.dirs", logDirectory.toString());
        return properties;
    }

    /** For the forked broker: the port it shall have, chosen once so that it stays the same over restarts. */
    static int choosePort(EmbeddedKafkaSettings settings) throws IOException {
        return settings.port() == 0 ? LoopbackPorts.free() : settings.port();
    }
}
