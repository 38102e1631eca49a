package org.brokerhandoff.custody;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.brokerhandoff.custody.FaultPoints.Step;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Puts a new key into a free slot, and makes the file larger in good time. */
final class SlotAllocation implements AutoCloseable {
    /**
     * Held while a file lock is taken and while a channel is closed: POSIX locks belong to the process, so closing any
     * channel of a file drops the lock that another instance in this JVM has on it.
     */
    static final Object PROCESS_LOCKS = new Object();

    private static final Logger LOG = LoggerFactory.getLogger(SlotAllocation.class);
    private static final long GROWTH_FAILED_PAUSE_NANOS = 1_000_000_000L;

    private final FileChannel channel;
    private final int chunkSlots;
    private final int maximumSlots;
    private final SlotRegion region;
    private final SlotControl control;
    private final KeyWrap keyWrap;
    private final SyncGroup syncGroup;
    private final SlotErasure erasure;
    private final FreeSlots freeSlots;
    private final FaultPoints faultPoints;
    private final SecureRandom random = new SecureRandom();

    /** Until this {@link System#nanoTime}, growing is not tried again. */
    private volatile long noGrowthUntilNanos = System.nanoTime();

    private record Placed(SlotReference slot, DataKey key) {}

    SlotAllocation(
            FileChannel channel,
            int chunkSlots,
            int maximumSlots,
            SlotRegion region,
            SlotControl control,
            KeyWrap keyWrap,
            SyncGroup syncGroup,
            SlotErasure erasure,
            FaultPoints faultPoints) {
        this.channel = channel;
        this.chunkSlots = chunkSlots;
        this.maximumSlots = maximumSlots;
        this.region = region;
        this.control = control;
        this.keyWrap = keyWrap;
        this.syncGroup = syncGroup;
        this.erasure = erasure;
        this.faultPoints = faultPoints;
        this.freeSlots = new FreeSlots(region, chunkSlots, maximumSlots, this::grown);
    }

    /** Makes the file larger until it has so many slots, or cannot grow; before any hold. */
    void growTo(int slots) {
        int seen = region.refreshed();
        while (seen < Math.min(slots, maximumSlots) && grown(seen)) {
            seen = region.slots();
        }
        freeSlots.fill();
    }

    /** This process gave a slot back. */
    void freed(int slot) {
        faultPoints.reached(Step.FREED);
        freeSlots.freed(slot);
    }

    CompletableFuture<HoldOutcome> hold(UUID signupId, Instant expiry) {
        CustodyException refusal = syncGroup.refusal();
        if (refusal != null) {
            return CompletableFuture.failedFuture(refusal);
        }
        try {
            Placed placed = place(signupId, expiry.toEpochMilli());
            if (placed != null) {
                CompletableFuture<HoldOutcome> holding = syncGroup.synced(readBack -> {
                    faultPoints.reached(Step.HOLD_SYNCED);
                    return new HoldOutcome.Held(placed.slot(), placed.key());
                });
                var unused = holding.whenComplete((held, failure) -> {
                    if (failure != null) {
                        placed.key().destroy();
                    }
                });
                return holding;
            }
        } catch (CustodyException | UncheckedIOException e) {
            return CompletableFuture.failedFuture(e);
        }
        return freeSlots.more().thenCompose(more -> {
            if (more) {
                return hold(signupId, expiry);
            }
            CustodyException meanwhile = syncGroup.refusal();
            return meanwhile != null
                    ? CompletableFuture.failedFuture(meanwhile)
                    : CompletableFuture.<HoldOutcome>completedFuture(new HoldOutcome.Full());
        });
    }

    private @Nullable Placed place(UUID signupId, long expiryMillis) {
        DataKey key = DataKey.random(random);
        Placed placed = null;
        try {
            placed = place(key, signupId, expiryMillis);
            return placed;
        } finally {
            if (placed == null) {
                key.destroy();
            }
        }
    }

    private @Nullable Placed place(DataKey key, UUID signupId, long expiryMillis) {
        for (int slot = freeSlots.take(); slot >= 0; slot = freeSlots.take()) {
            if (!region.has(slot)) {
                continue;
            }
            long free = region.word(slot);
            if (StateWord.state(free) != StateWord.FREE) {
                continue;
            }
            // Everything is made ready before the claim, so that the time in CLAIMED is some hundred nanoseconds.
            long claimed = StateWord.claimed(free);
            SlotReference reference = new SlotReference(slot, StateWord.generation(claimed));
            byte[] keyArea = keyWrap.wrap(key, reference, signupId, expiryMillis);
            long[] before = region.fields(slot);
            long[] after = SlotLayout.heldFields(reference, signupId, expiryMillis, keyArea);
            if (region.changeWord(slot, free, claimed)) {
                faultPoints.reached(Step.CLAIMED);
                // The fields are in place before the word says so. A claim that was lost meanwhile (reclaimed by a
                // sweep, after a minute) is given up, and what was written is taken back.
                if (region.changeFields(slot, before, after)) {
                    faultPoints.reached(Step.FIELDS_WRITTEN);
                    long held = StateWord.held(claimed);
                    if (region.changeWord(slot, claimed, held)) {
                        faultPoints.reached(Step.HELD);
                        if (isOfCurrentEpoch(keyArea)) {
                            return new Placed(reference, key);
                        }
                        giveBack(slot, held);
                        continue;
                    }
                    region.changeFields(slot, after, before);
                }
            }
        }
        return null;
    }

    /**
     * Whether a rotation that begins from here on will see the slot. A rotation publishes the new epoch, then looks at
     * all slots; a hold fills the slot, then looks at the epoch. With a full fence between both, either the rotation sees
     * the slot or the hold sees the new epoch. In that case the slot may have been passed over, and its epoch be destroyed
     * already: nobody was told of it yet, so it is given back.
     */
    private boolean isOfCurrentEpoch(byte[] keyArea) {
        VarHandle.fullFence();
        return KeyWrap.epoch(keyArea) == keyWrap.currentEpoch();
    }

    private void giveBack(int slot, long held) {
        CompletableFuture<Boolean> discarding = erasure.discard(slot, held);
        if (discarding != null) {
            var unused = discarding.thenAccept(given -> freeSlots.freed(slot));
        }
    }

    /** Whether there are more slots than the caller saw, added here or by another process. */
    private boolean grown(int seenSlots) {
        if (System.nanoTime() - noGrowthUntilNanos < 0) {
            return false;
        }
        synchronized (PROCESS_LOCKS) {
            try (FileLock lock = channel.lock(0, 1, false)) {
                if (region.refreshed() <= seenSlots && lock.isValid()) {
                    // Zeros are written rather than a hole left: a full disk must show here, not as a
                    // fault on a mapped page.
                    ByteBuffer zeros = ByteBuffer.allocate(chunkSlots * SlotLayout.SLOT_BYTES);
                    PrivateFile.writeFully(channel, zeros, SlotLayout.fileOffset(region.slots()));
                    faultPoints.reached(Step.CHUNK_WRITTEN);
                    syncChunk();
                    LOG.info("the slot file grew to {} slots", region.refreshed());
                    control.raiseChunks(region.slots() / chunkSlots);
                    faultPoints.reached(Step.CHUNK_SYNCED);
                }
                return true;
            } catch (CustodyException e) {
                return false;
            } catch (IOException e) {
                noGrowthUntilNanos = System.nanoTime() + GROWTH_FAILED_PAUSE_NANOS;
                LOG.warn("the slot file could not grow, new signups are refused", e);
                return false;
            }
        }
    }

    /**
     * Unlike a write that found the disk full, a sync that failed may have dropped changes of other slots, and the next
     * one would not be told.
     */
    private void syncChunk() {
        try {
            channel.force(true);
        } catch (IOException e) {
            throw syncGroup.fail(new CustodyException("a new chunk could not be made durable", e));
        }
    }

    @Override
    public void close() {
        freeSlots.close();
    }
}
