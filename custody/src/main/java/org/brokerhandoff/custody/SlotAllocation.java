package org.brokerhandoff.custody;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds a free slot for a new key, and makes the file larger when there is none. */
final class SlotAllocation {
    /**
     * Held while a file lock is taken and while a channel is closed: POSIX locks belong to the process, so closing any
     * channel of a file drops the lock that another instance in this JVM has on it.
     */
    static final Object PROCESS_LOCKS = new Object();

    private static final Logger LOG = LoggerFactory.getLogger(SlotAllocation.class);
    private static final long GROWTH_FAILED_PAUSE_NANOS = 1_000_000_000L;

    private static final Executor GROWTH = task -> {
        Thread thread = new Thread(task, "custody-growth");
        thread.setDaemon(true);
        thread.start();
    };

    private final FileChannel channel;
    private final int chunkSlots;
    private final int maximumSlots;
    private final SlotRegion region;
    private final KeyWrap keyWrap;
    private final SyncGroup syncGroup;
    private final SecureRandom random = new SecureRandom();
    private final AtomicInteger cursor = new AtomicInteger();

    /** Until this {@link System#nanoTime}, no free slot is looked for. */
    private volatile long fullUntilNanos = System.nanoTime();

    private record Placed(SlotReference slot, DataKey key) {}

    SlotAllocation(
            FileChannel channel,
            int chunkSlots,
            int maximumSlots,
            SlotRegion region,
            KeyWrap keyWrap,
            SyncGroup syncGroup) {
        this.channel = channel;
        this.chunkSlots = chunkSlots;
        this.maximumSlots = maximumSlots;
        this.region = region;
        this.keyWrap = keyWrap;
        this.syncGroup = syncGroup;
    }

    /** Makes the file larger until it has so many slots, or cannot grow. */
    void growTo(int slots) {
        int seen = region.refreshed();
        while (seen < Math.min(slots, maximumSlots) && grown(seen)) {
            seen = region.slots();
        }
    }

    /** A slot became free: it is worth looking for one again. */
    void freed() {
        fullUntilNanos = System.nanoTime();
    }

    CompletableFuture<HoldOutcome> hold(UUID signupId, Instant expiry) {
        CustodyException refusal = syncGroup.refusal();
        if (refusal != null) {
            return CompletableFuture.failedFuture(refusal);
        }
        try {
            while (System.nanoTime() - fullUntilNanos >= 0) {
                int usable = Math.min(region.slots(), maximumSlots);
                long began = System.nanoTime();
                Placed placed = place(signupId, expiry.toEpochMilli(), usable);
                if (placed != null) {
                    HoldOutcome held = new HoldOutcome.Held(placed.slot(), placed.key());
                    return syncGroup.synced(readBack -> held);
                }
                if (usable == maximumSlots) {
                    // The search of a full file is a scan: at most half of one core may go into such scans.
                    long now = System.nanoTime();
                    fullUntilNanos = now + (now - began);
                } else if (region.refreshed() == usable) {
                    return CompletableFuture.supplyAsync(() -> grown(usable), GROWTH)
                            .thenCompose(grown -> grown ? hold(signupId, expiry) : full());
                }
            }
            return full();
        } catch (CustodyException | UncheckedIOException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private @Nullable Placed place(UUID signupId, long expiryMillis, int usable) {
        DataKey key = null;
        for (int probe = 0; probe < usable; probe++) {
            int slot = Math.floorMod(cursor.getAndIncrement(), usable);
            long free = region.word(slot);
            if (StateWord.state(free) != StateWord.FREE) {
                continue;
            }
            // Everything is made ready before the claim, so that the time in CLAIMED is some hundred nanoseconds.
            long claimed = StateWord.claimed(free);
            SlotReference reference = new SlotReference(slot, StateWord.generation(claimed));
            key = key != null ? key : DataKey.random(random);
            byte[] keyArea = keyWrap.wrap(key, reference, signupId, expiryMillis);
            long[] before = region.fields(slot);
            long[] after = SlotLayout.heldFields(reference, signupId, expiryMillis, keyArea);
            if (region.changeWord(slot, free, claimed)) {
                // The fields are in place before the word says so. A claim that was lost meanwhile (reclaimed by a
                // sweep, after a minute) is given up, and what was written is taken back.
                if (region.changeFields(slot, before, after)) {
                    if (region.changeWord(slot, claimed, StateWord.held(claimed))) {
                        return new Placed(reference, key);
                    }
                    region.changeFields(slot, after, before);
                }
            }
        }
        return null;
    }

    /** Whether there are more slots than the caller saw, added here or by another process. */
    private boolean grown(int seenSlots) {
        synchronized (PROCESS_LOCKS) {
            try (FileLock lock = channel.lock(0, 1, false)) {
                if (region.refreshed() <= seenSlots && lock.isValid()) {
                    // Zeros are written rather than a hole left: a full disk must show here, not as a fault on a
                    // mapped page.
                    ByteBuffer zeros = ByteBuffer.allocate(chunkSlots * SlotLayout.SLOT_BYTES);
                    PrivateFile.writeFully(channel, zeros, SlotLayout.fileOffset(region.slots()));
                    channel.force(true);
                    LOG.info("the slot file grew to {} slots", region.refreshed());
                }
                return true;
            } catch (IOException e) {
                fullUntilNanos = System.nanoTime() + GROWTH_FAILED_PAUSE_NANOS;
                LOG.warn("the slot file could not grow, new signups are refused", e);
                return false;
            }
        }
    }

    private static CompletableFuture<HoldOutcome> full() {
        return CompletableFuture.completedFuture(new HoldOutcome.Full());
    }
}
