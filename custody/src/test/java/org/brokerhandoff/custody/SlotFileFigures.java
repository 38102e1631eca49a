package org.brokerhandoff.custody;

import static org.brokerhandoff.custody.Answers.awaited;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

/** Prints the figures of docs/custody.md. Not a test: {@code java -cp … SlotFileFigures DIRECTORY}. */
final class SlotFileFigures {
    private static final Instant EXPIRY = Instant.parse("2286-01-01T00:00:00Z");

    private static final int AT_ONCE = 512;

    private SlotFileFigures() {}

    public static void main(String[] arguments) throws Exception {
        Path directory = Files.createTempDirectory(Path.of(arguments[0]), "figures");
        FileKeyset keyset = FileKeyset.openOrCreate(directory.resolve("keyset"));
        Path file = directory.resolve("slots");
        growth(directory.resolve("grown"), 1 << 20, 1 << 20, FileKeyset.openOrCreate(directory.resolve("keyset 3")));
        growth(directory.resolve("growing"), 8192, 1 << 20, FileKeyset.openOrCreate(directory.resolve("keyset 4")));
        try (SlotFile custody = SlotFile.open(new CustodySettings(file, 8192, 8192), keyset)) {
            run(custody, 64, 5); // warm-up
            for (int concurrency : new int[] {1, 8, 64, 512}) {
                run(custody, concurrency, 5);
            }
        }
        Path large = directory.resolve("large");
        int slots = 1 << 20;
        FileKeyset another = FileKeyset.openOrCreate(directory.resolve("keyset 2"));
        try (SlotFile custody = SlotFile.open(new CustodySettings(large, slots, slots), another)) {
            CompletableFuture<?>[] holds = new CompletableFuture<?>[100_000];
            for (int i = 0; i < holds.length; i++) {
                holds[i] = custody.hold(UUID.randomUUID(), EXPIRY).toCompletableFuture();
            }
            CompletableFuture.allOf(holds).join();
            for (int i = 0; i < 30; i++) {
                awaited(custody.find(UUID.randomUUID()));
            }
            long began = System.nanoTime();
            for (int i = 0; i < 50; i++) {
                awaited(custody.find(UUID.randomUUID()));
            }
            print("find, absent id, %d slots: %.1f ms%n", slots, (System.nanoTime() - began) / 50.0 / 1e6);
            began = System.nanoTime();
            for (int i = 0; i < 20; i++) {
                awaited(custody.usage());
            }
            print("usage, %d slots: %.1f ms%n", slots, (System.nanoTime() - began) / 20.0 / 1e6);
            began = System.nanoTime();
            for (int i = 0; i < 20; i++) {
                custody.sweep(Instant.EPOCH);
            }
            print(
                    "sweep of %d slots, %d live, nothing due: %.1f ms%n",
                    slots, holds.length, (System.nanoTime() - began) / 20.0 / 1e6);
            began = System.nanoTime();
            RotationOutcome rotated = custody.rotate(Instant.now(), Duration.ofNanos(1));
            print("%s: %.0f ms%n", rotated, (System.nanoTime() - began) / 1e6);
        }
        for (String name :
                new String[] {"slots", "large", "grown", "growing", "keyset", "keyset 2", "keyset 3", "keyset 4"}) {
            Files.deleteIfExists(directory.resolve(name));
        }
        Files.delete(directory);
    }

    /** One million holds that stay, many at once, while the file grows or has its size already. */
    private static void growth(Path file, int initial, int maximum, FileKeyset keyset) {
        try (SlotFile custody = SlotFile.open(new CustodySettings(file, initial, maximum), keyset)) {
            int each = 1_000_000 / AT_ONCE;
            ConcurrentLinkedQueue<long[]> latencies = new ConcurrentLinkedQueue<>();
            CompletableFuture<?>[] chains = new CompletableFuture<?>[AT_ONCE];
            long began = System.nanoTime();
            for (int i = 0; i < chains.length; i++) {
                CompletableFuture<Void> done = new CompletableFuture<>();
                chains[i] = done;
                stay(custody, each, latencies, done);
            }
            CompletableFuture.allOf(chains).join();
            double elapsed = (System.nanoTime() - began) / 1e9;
            long[] holds = latencies.stream().mapToLong(one -> one[0]).sorted().toArray();
            print(
                    "from %d slots to %d live: %.0f holds/s, p50 %.2f p99 %.2f p99.9 %.2f max %.2f ms%n",
                    initial,
                    holds.length,
                    holds.length / elapsed,
                    at(holds, 0.5),
                    at(holds, 0.99),
                    at(holds, 0.999),
                    holds[holds.length - 1] / 1e6);
        }
    }

    private static void stay(
            SlotFile custody, int count, ConcurrentLinkedQueue<long[]> latencies, CompletableFuture<Void> done) {
        if (count == 0) {
            done.complete(null);
            return;
        }
        long began = System.nanoTime();
        custody.hold(UUID.randomUUID(), EXPIRY).whenComplete((outcome, failure) -> {
            latencies.add(new long[] {System.nanoTime() - began});
            if (outcome instanceof HoldOutcome.Held) {
                stay(custody, count - 1, latencies, done);
            } else {
                done.completeExceptionally(new IllegalStateException(String.valueOf(outcome), failure));
            }
        });
    }

    private static void run(SlotFile custody, int concurrency, int seconds) {
        CustodyUsage before = awaited(custody.usage());
        ConcurrentLinkedQueue<long[]> latencies = new ConcurrentLinkedQueue<>();
        long began = System.nanoTime();
        long end = began + TimeUnit.SECONDS.toNanos(seconds);
        CompletableFuture<?>[] chains = new CompletableFuture<?>[concurrency];
        for (int i = 0; i < concurrency; i++) {
            CompletableFuture<Void> done = new CompletableFuture<>();
            chains[i] = done;
            pair(custody, end, latencies, done);
        }
        CompletableFuture.allOf(chains).join();
        double elapsed = (System.nanoTime() - began) / 1e9;
        CustodyUsage after = awaited(custody.usage());
        long[] holds = latencies.stream().mapToLong(pair -> pair[0]).sorted().toArray();
        long[] erasures = latencies.stream().mapToLong(pair -> pair[1]).sorted().toArray();
        print(
                "concurrency %d: %.0f pairs/s, %.0f syncs/s, %.1f changes per sync; hold p50 %.2f p99 %.2f ms, erase p50"
                        + " %.2f p99 %.2f ms%n",
                concurrency,
                holds.length / elapsed,
                (after.syncs() - before.syncs()) / elapsed,
                (after.changesSynced() - before.changesSynced()) / (double) (after.syncs() - before.syncs()),
                at(holds, 0.5),
                at(holds, 0.99),
                at(erasures, 0.5),
                at(erasures, 0.99));
    }

    private static double at(long[] sorted, double quantile) {
        return Arrays.stream(sorted)
                        .skip((long) (sorted.length * quantile))
                        .findFirst()
                        .orElse(0)
                / 1e6;
    }

    private static void pair(
            SlotFile custody, long end, ConcurrentLinkedQueue<long[]> latencies, CompletableFuture<Void> done) {
        long began = System.nanoTime();
        if (began >= end) {
            done.complete(null);
            return;
        }
        UUID id = UUID.randomUUID();
        custody.hold(id, EXPIRY)
                .thenCompose(outcome -> {
                    SlotReference slot = ((HoldOutcome.Held) outcome).slot();
                    long held = System.nanoTime();
                    return custody.erase(slot, id, EraseReason.DELIVERED).thenAccept(erased -> {
                        latencies.add(new long[] {held - began, System.nanoTime() - held});
                        awaited(custody.free(slot, id));
                    });
                })
                .whenComplete((nothing, failure) -> {
                    if (failure != null) {
                        done.completeExceptionally(failure);
                    } else {
                        pair(custody, end, latencies, done);
                    }
                });
    }

    private static void print(String format, Object... values) {
        System.out.printf(format, values);
    }
}
