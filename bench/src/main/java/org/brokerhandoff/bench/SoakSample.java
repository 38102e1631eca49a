package org.brokerhandoff.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** What must not grow under a constant load of a {@link Rig}. */
final class SoakSample {
    private SoakSample() {}

    /**
     * Takes one sample.
     *
     * @param ingestOperations address of ingest's metrics
     * @return by name; bytes, or counts
     */
    static Map<String, Double> of(Rig rig, URI ingestOperations) throws IOException {
        Map<String, Double> values = new LinkedHashMap<>();
        process("ingest", rig.ingest.pid(), ingestOperations, values);
        process("router", rig.router.pid(), URI.create(rig.router.healthAddress()), values);
        process("register", rig.register.pid(), URI.create(rig.register.healthAddress()), values);
        URI register = URI.create(rig.register.healthAddress());
        process("register", rig.register.pid(), register, values);
        values.put("registerLagEvents", ServiceProcess.metric(register, "handoff_register_behind"));
        values.put("slotFileBytes", (double) Files.size(rig.directory.resolve("custody.slots")));
        values.put("sealedTopicsBytes", (double) sealedBytes(rig.directory.resolve("kafka")));
        return values;
    }

    private static void process(String name, long pid, URI metrics, Map<String, Double> values) throws IOException {
        Path directory = Path.of("/proc", String.valueOf(pid));
        values.put(name + "HeapBytes", ServiceProcess.metric(metrics, "jvm_memory_used_bytes", "area=\"heap\""));
        values.put(name + "Threads", (double) entries(directory.resolve("task")));
        values.put(name + "Descriptors", (double) entries(directory.resolve("fd")));
    }

    private static long entries(Path directory) throws IOException {
        try (Stream<Path> found = Files.list(directory)) {
            return found.count();
        }
    }

    /** Size of the topics with ciphertext: those kept for the audit grow with each signup. */
    private static long sealedBytes(Path kafka) throws IOException {
        try (Stream<Path> files = Files.walk(kafka)) {
            // The indexes have their maximum size from the start.
            return files.filter(file -> file.toString().endsWith(".log"))
                    .filter(file -> Optional.ofNullable(file.getParent())
                            .map(Path::getFileName)
                            .filter(topic -> topic.toString().contains("signups"))
                            .isPresent())
                    .mapToLong(SoakSample::size)
                    .sum();
        } catch (UncheckedIOException e) {
            // Kafka deleted a folder while it was listed.
            return 0;
        }
    }

    private static long size(Path file) {
        try {
            return Files.isRegularFile(file) ? Files.size(file) : 0;
        } catch (NoSuchFileException deletedMeanwhile) {
            return 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
