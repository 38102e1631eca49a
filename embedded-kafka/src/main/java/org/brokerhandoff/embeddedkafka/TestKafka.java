package org.brokerhandoff.embeddedkafka;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * The broker that all tests of one JVM share: embedded, or in a container if the system property {@code
 * handoff.test.kafka} is {@code container}. Tests keep apart by {@link #randomTopicPrefix()}.
 */
public final class TestKafka {

    /**
     * Its controller is in the same JVM and dies with it. On a busy machine a heartbeat that is later than the usual three seconds
     * would take the leader from every partition of every test, and requests of all of them would run into their limits.
     */
    private static final Map<String, String> NEVER_FENCED = Map.of("broker.session.timeout.ms", "600000");

    private final String bootstrapServers;

    private TestKafka(String bootstrapServers) {
        this.bootstrapServers = bootstrapServers;
    }

    /**
     * The broker, started by the first caller and stopped with the JVM.
     *
     * @throws ExceptionInInitializerError if it cannot be started
     */
    public static TestKafka shared() {
        return Shared.INSTANCE;
    }

    public String bootstrapServers() {
        return bootstrapServers;
    }

    /** A prefix for topic and group names that no other test uses, ending in a dot. */
    public String randomTopicPrefix() {
        return "test-" + HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong()) + ".";
    }

    private static TestKafka start() {
        String kind = System.getProperty("handoff.test.kafka", "embedded");
        return switch (kind) {
            case "embedded" -> startEmbedded();
            // Testcontainers itself removes the container when the JVM is gone.
            case "container" -> new TestKafka(KafkaContainerBroker.start().bootstrapServers());
            default ->
                throw new IllegalArgumentException(
                        "handoff.test.kafka must be \"embedded\" or \"container\", found \"" + kind + "\"");
        };
    }

    private static TestKafka startEmbedded() {
        try {
            Path dataDirectory = Files.createTempDirectory("handoff-test-kafka");
            EmbeddedKafka kafka =
                    EmbeddedKafka.start(EmbeddedKafkaSettings.in(dataDirectory).withBrokerProperties(NEVER_FENCED));
            Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(kafka, dataDirectory), "test-kafka-stop"));
            return new TestKafka(kafka.bootstrapServers());
        } catch (IOException directory) {
            throw new UncheckedIOException("cannot create a directory for the test broker", directory);
        }
    }

    private static void stop(EmbeddedKafka kafka, Path dataDirectory) {
        kafka.close();
        try {
            deleteTree(dataDirectory);
        } catch (IOException leftBehind) {
            // A temporary directory that the system removes in the end.
        }
    }

    private static void deleteTree(Path root) throws IOException {
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.deleteIfExists(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
                if (failure instanceof NoSuchFileException) {
                    return FileVisitResult.CONTINUE;
                }
                throw failure;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failure)
                    throws IOException {
                Files.deleteIfExists(directory);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    /** Starts the broker when it is first asked for, once, whichever thread asks. */
    private static final class Shared {
        static final TestKafka INSTANCE = start();
    }
}
