package org.brokerhandoff.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.brokerhandoff.custody.BrokerTag;
import org.brokerhandoff.custody.CustodySettings;
import org.brokerhandoff.custody.EraseReason;
import org.brokerhandoff.custody.FileKeyset;
import org.brokerhandoff.custody.HoldOutcome;
import org.brokerhandoff.custody.SlotFile;
import org.brokerhandoff.custody.SlotReference;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** A key's life in the slot file, many concurrently, compared with the disk's {@code fdatasync} alone. */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 3)
@Measurement(iterations = 3, time = 3)
public class CustodyBenchmarks {
    /** The working directory, so that it can be placed on the relevant disk. */
    static final String DIRECTORY = "handoff.bench.directory";

    private static final Instant FAR_AWAY = Instant.parse("2286-01-01T00:00:00Z");
    private static final BrokerTag BROKER = BrokerTag.of("fjord-markets");
    private static final int PAIRS_EACH = 16;

    private static Path fresh() throws IOException {
        Path parent = Path.of(System.getProperty(DIRECTORY, System.getProperty("java.io.tmpdir")));
        return Files.createTempDirectory(Files.createDirectories(parent), "custody");
    }

    private static void remove(Path directory) throws IOException {
        try (var files = Files.list(directory)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(directory);
    }

    /** Totals, for the figures per pair. */
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.EVENTS)
    public static class Totals {
        /** Keys held and destroyed. */
        public long pairs;

        /** CPU time of all threads, in nanoseconds. */
        public long cpuNanos;

        /** Elapsed time, in nanoseconds. */
        public long elapsedNanos;

        private long cpuBefore;
        private long before;

        /** Starts the clocks. */
        @Setup(Level.Iteration)
        public void start() {
            pairs = 0;
            cpuBefore = cpuNow();
            before = System.nanoTime();
        }

        /** Reads the clocks. */
        @TearDown(Level.Iteration)
        public void stop() {
            elapsedNanos = System.nanoTime() - before;
            cpuNanos = cpuNow() - cpuBefore;
        }

        private static long cpuNow() {
            return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                    .getProcessCpuTime();
        }
    }

    /** An open slot file. */
    @State(Scope.Benchmark)
    public static class Custody {
        /** Concurrent signups. */
        @Param({"1", "64", "512"})
        public int group;

        private Path directory = Path.of("");
        private @Nullable SlotFile slots;

        /** Opens it. */
        @Setup
        public void open() throws IOException {
            directory = fresh();
            slots = SlotFile.open(
                    new CustodySettings(directory.resolve("slots"), 8192, 8192),
                    FileKeyset.openOrCreate(directory.resolve("keyset")));
        }

        SlotFile slots() {
            return Objects.requireNonNull(slots);
        }

        /** Closes and removes it. */
        @TearDown
        public void close() throws IOException {
            slots().close();
            remove(directory);
        }
    }

    /** A file of one block. */
    @State(Scope.Benchmark)
    public static class Block {
        private final ByteBuffer bytes = ByteBuffer.allocateDirect(4096);
        private Path directory = Path.of("");
        private @Nullable FileChannel channel;

        /** Makes it. */
        @Setup
        public void open() throws IOException {
            directory = fresh();
            FileChannel made = FileChannel.open(
                    directory.resolve("block"), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            made.write(bytes.clear(), 0);
            made.force(true);
            channel = made;
        }

        FileChannel channel() {
            return Objects.requireNonNull(channel);
        }

        /** Removes it. */
        @TearDown
        public void close() throws IOException {
            channel().close();
            remove(directory);
        }
    }

    /** Hold, offer, destroy, free, {@code group} concurrently; each of them sixteen times. */
    @Benchmark
    public void custody(Custody custody, Totals totals) {
        CompletableFuture<?>[] all = new CompletableFuture<?>[custody.group];
        for (int i = 0; i < all.length; i++) {
            all[i] = lives(custody.slots(), PAIRS_EACH);
        }
        CompletableFuture.allOf(all).join();
        totals.pairs += (long) PAIRS_EACH * custody.group;
    }

    private static CompletableFuture<?> lives(SlotFile slots, int count) {
        UUID id = UUID.randomUUID();
        return slots.hold(id, FAR_AWAY)
                .thenCompose(outcome -> {
                    SlotReference slot = ((HoldOutcome.Held) outcome).slot();
                    return slots.offer(() -> true, slot, id, 0, BROKER)
                            .thenCompose(offered -> slots.erase(slot, id, EraseReason.DELIVERED))
                            .thenCompose(erased -> {
                                var unused = slots.free(slot, id);
                                return count == 1 ? CompletableFuture.completedStage(null) : lives(slots, count - 1);
                            });
                })
                .toCompletableFuture();
    }

    /** The disk's limit: one block written, one {@code fdatasync}. */
    @Benchmark
    public void fdatasync(Block block, Totals totals) throws IOException {
        block.channel().write(block.bytes.clear(), 0);
        block.channel().force(false);
        totals.pairs++;
    }
}
