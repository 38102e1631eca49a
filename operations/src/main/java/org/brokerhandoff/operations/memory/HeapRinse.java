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
 * Overwrites what short-lived objects have left in the young generation: allocates small arrays, which the JVM fills with zeros, until
 * the collector has gone through it once from one end to the other, and holds some, which fill the survivor spaces. Libraries make strings of what they parse, and no code can wipe
 * those.
 *
 * <p>Works with the serial collector only, whose young generation is one stretch of memory that is filled in order. With another, what
 * a string leaves stays until the memory happens to be used again.
 */
public final class HeapRinse implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HeapRinse.class);
    private static final int ARRAY_BYTES = 480;
    /** Collections that end a rinse: the first may come at once, between it and the next everything is overwritten. */
    private static final int COLLECTIONS = 2;

    private static final int MOST_ROUNDS = 4;

    /** Where the arrays go, so that the compiler cannot leave their allocation out. */
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
     * Rinses every {@code period} in which {@code uses} has grown.
     *
     * @param uses how often something was there that should not stay
     * @return empty if this JVM's collector does not allow it, which is logged
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
        // What the start has made moves to the old generation: survivor spaces that are full of it push
        // the short-lived there, too.
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

    /** Overwrites the young generation, as far as no living object occupies it. */
    void rinse() {
        // Living arrays are copied to one survivor space by the first collection and to the other by the second.
        byte[][] survivors = survivors();
        try {
            long last = collector.getCollectionCount() + COLLECTIONS;
            // A bound, should the collector's count not tell what it is taken for.
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

    /** Three quarters of what is free in a survivor space: more might crowd living objects out into the old generation. */
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
