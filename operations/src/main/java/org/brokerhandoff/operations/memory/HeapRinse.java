package org.brokerhandoff.operations.memory;

import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.ref.Reference;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Overwrites the remains of short-lived objects in the young generation: allocates small arrays, which the JVM zeroes, until the collector
 * has passed through it once from one end to the other, and retains some, which fill the survivor spaces. Libraries create strings of what
 * they parse, and no code can wipe those.
 *
 * <p>Works with the serial collector only, whose young generation is one contiguous region filled in order. With another, the remains of a
 * string stay until the memory happens to be reused.
 */
public final class HeapRinse implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HeapRinse.class);
    private static final int ARRAY_BYTES = 480;
    /** Number of collections that complete a rinse: the first may come at once; between it and the next everything is overwritten. */
    private static final int COLLECTIONS = 2;

    private static final int MOST_ROUNDS = 4;

    /** Sink of the arrays, so that the compiler cannot eliminate their allocation. */
    private static volatile byte[] unusedSink = {};

    private final MemoryPoolMXBean eden;
    private final MemoryPoolMXBean survivor;
    private final GarbageCollectorMXBean collector;
    private final LongSupplier uses;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "heap-rinse");
        thread.setDaemon(true);
        return thread;
    });
    private long rinsedUses;

    private HeapRinse(
            MemoryPoolMXBean eden, MemoryPoolMXBean survivor, GarbageCollectorMXBean collector, LongSupplier uses) {
        this.eden = eden;
        this.survivor = survivor;
        this.collector = collector;
        this.uses = uses;
    }

    /**
     * Rinses after every {@code period} in which {@code uses} has grown.
     *
     * @param uses counts events that leave data which must not stay
     * @return empty if this JVM's collector does not support it, which is logged
     */
    public static Optional<HeapRinse> start(Duration period, LongSupplier uses) {
        Optional<MemoryPoolMXBean> eden = pool("Eden Space");
        Optional<MemoryPoolMXBean> survivor = pool("Survivor Space");
        Optional<GarbageCollectorMXBean> collector = ManagementFactory.getGarbageCollectorMXBeans().stream()
                .filter(bean -> bean.getName().equals("Copy"))
                .findAny();
        if (eden.isEmpty() || survivor.isEmpty() || collector.isEmpty()) {
            LOG.warn("residues of libraries on the heap are not overwritten: that needs -XX:+UseSerialGC");
            return Optional.empty();
        }
        // Objects of the start move to the old generation: survivor spaces full of them would push the short-lived ones
        // there, too.
        System.gc();
        HeapRinse rinse = new HeapRinse(eden.get(), survivor.get(), collector.get(), uses);
        var unused = rinse.timer.scheduleWithFixedDelay(
                rinse::rinseAfterUse, period.toMillis(), period.toMillis(), TimeUnit.MILLISECONDS);
        return Optional.of(rinse);
    }

    private static Optional<MemoryPoolMXBean> pool(String name) {
        return ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getName().equals(name))
                .findAny();
    }

    private void rinseAfterUse() {
        long now = uses.getAsLong();
        if (now != rinsedUses) {
            rinse();
            rinsedUses = now;
        }
    }

    /** Overwrites the young generation, except for live objects. */
    void rinse() {
        // Live arrays are copied to one survivor space by the first collection and to the other by the second.
        byte[][] survivors = survivors();
        try {
            long last = collector.getCollectionCount() + COLLECTIONS;
            // A bound, in case the collector's count does not have the expected meaning.
            long most = MOST_ROUNDS * eden.getUsage().getCommitted() / ARRAY_BYTES;
            for (long i = 0; i < most; i++) {
                unusedSink = new byte[ARRAY_BYTES];
                if (i % 64 == 0 && collector.getCollectionCount() >= last) {
                    return;
                }
            }
        } finally {
            Reference.reachabilityFence(survivors);
        }
    }

    /** Three quarters of the free part of a survivor space: more might push live objects out into the old generation. */
    private byte[][] survivors() {
        long free = survivor.getUsage().getCommitted() - survivor.getUsage().getUsed();
        byte[][] arrays = new byte[(int) (free / 4 * 3 / ARRAY_BYTES)][];
        for (int i = 0; i < arrays.length; i++) {
            arrays[i] = new byte[ARRAY_BYTES];
        }
        return arrays;
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
