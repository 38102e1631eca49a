package org.brokerhandoff.custody;

import java.io.UncheckedIOException;
import java.lang.invoke.VarHandle;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.brokerhandoff.custody.FaultPoints.Step;
import org.jspecify.annotations.Nullable;

/** Puts a new key into a free slot. */
final class SlotAllocation implements AutoCloseable {
    /**
     * Held while a file lock is taken and while a channel is closed: POSIX locks belong to the process, so closing any
     * channel of a file drops the lock that another instance in this JVM has on it.
     */
    static final Object PROCESS_LOCKS = new Object();

    private final SlotGrowth growth;
    private final SlotRegion region;
    private final FreeSlots freeSlots;
    private final KeyWrap keyWrap;
    private final SyncGroup syncGroup;
    private final SlotErasure erasure;
    private final FaultPoints faultPoints;
    private final SecureRandom random = new SecureRandom();

    private record Placed(SlotReference slot, DataKey key) {}

    SlotAllocation(
            SlotGrowth growth,
            SlotRegion region,
            FreeSlots freeSlots,
            KeyWrap keyWrap,
            SyncGroup syncGroup,
            SlotErasure erasure,
            FaultPoints faultPoints) {
        this.growth = growth;
        this.region = region;
        this.freeSlots = freeSlots;
        this.keyWrap = keyWrap;
        this.syncGroup = syncGroup;
        this.erasure = erasure;
        this.faultPoints = faultPoints;
    }

    /** Makes the file larger until it has so many slots, or cannot grow; before any hold. */
    void growTo(int slots) {
        growth.growTo(slots);
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
                return synced(placed.key(), key -> {
                    faultPoints.reached(Step.HOLD_SYNCED);
                    return new HoldOutcome.Held(placed.slot(), key);
                });
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

    /** What was held before, written and synced again; the key is destroyed if that fails. */
    CompletableFuture<Optional<DataKey>> heldAgain(SlotReference slot, DataKey key) {
        region.touch(slot.slot());
        return synced(key, Optional::of);
    }

    private <T> CompletableFuture<T> synced(DataKey key, Function<DataKey, T> outcome) {
        CompletableFuture<T> syncing = syncGroup.synced(readBack -> outcome.apply(key));
        var unused = syncing.whenComplete((held, failure) -> {
            if (failure != null) {
                key.destroy();
            }
        });
        return syncing;
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
     * already: the slot was not handed out yet, so it is given back.
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

    @Override
    public void close() {
        freeSlots.close();
    }
}
