package org.brokerhandoff.custody;

import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.brokerhandoff.custody.FaultPoints.Step;
import org.jspecify.annotations.Nullable;

/** Destroys keys: {@code ERASING}, overwrite, sync, read back, time, {@code ERASED}, in this order. */
final class SlotErasure {
    private final SlotRegion region;
    private final SlotReader reader;
    private final SyncGroup syncGroup;
    private final InstantSource clock;
    private final FaultPoints faultPoints;

    SlotErasure(
            SlotRegion region, SlotReader reader, SyncGroup syncGroup, InstantSource clock, FaultPoints faultPoints) {
        this.region = region;
        this.reader = reader;
        this.syncGroup = syncGroup;
        this.clock = clock;
        this.faultPoints = faultPoints;
    }

    CompletableFuture<EraseOutcome> erase(SlotReference slot, UUID signupId, EraseReason reason) {
        while (true) {
            long word = reader.occupiedWord(slot, signupId);
            if (word == 0) {
                return CompletableFuture.completedFuture(new EraseOutcome.Gone());
            }
            switch (StateWord.state(word)) {
                case StateWord.ERASED -> {
                    return CompletableFuture.completedFuture(reader.read(slot)
                            .<EraseOutcome>map(EraseOutcome.AlreadyErased::new)
                            .orElseGet(EraseOutcome.Gone::new));
                }
                case StateWord.ERASING -> {
                    return overwrite(slot, word, false);
                }
                default -> {
                    SlotView view = reader.view(slot.slot(), word);
                    if (reason == EraseReason.EXPIRED
                            && view.prolongedTo()
                                    .filter(clock.instant()::isBefore)
                                    .isPresent()) {
                        return CompletableFuture.completedFuture(new EraseOutcome.Prolonged(view));
                    }
                    long erasing = StateWord.erasing(word, reason);
                    if (region.changeWord(slot.slot(), word, erasing)) {
                        faultPoints.reached(Step.ERASING);
                        return overwrite(slot, erasing, true);
                    }
                }
            }
        }
    }

    /** From {@code ERASING}: overwrite, sync, read back, time, {@code ERASED}. Several callers may do it at once. */
    CompletableFuture<EraseOutcome> overwrite(SlotReference slot, long erasing, boolean began) {
        region.overwriteKey(slot.slot(), erasing);
        faultPoints.reached(Step.KEY_OVERWRITTEN);
        CustodyException refusal = syncGroup.refusal();
        if (refusal != null) {
            return CompletableFuture.failedFuture(refusal);
        }
        SlotView during = reader.view(slot.slot(), erasing);
        return syncGroup.syncedAndReadBack(slot.slot(), at -> stillErasing(slot), readBack -> {
            faultPoints.reached(Step.ERASURE_SYNCED);
            // The last word is not synced: a power cut leaves ERASING with a zero key, which is finished again.
            Instant now = clock.instant();
            SlotView view =
                    settleErasure(slot, now) ? reader.read(slot).orElse(erased(during, now)) : erased(during, now);
            return began ? new EraseOutcome.Erased(view, readBack) : new EraseOutcome.AlreadyErased(view);
        });
    }

    /**
     * Destroys what a slot holds and frees it at once, without an {@code ERASED} state: for a damaged slot, which cannot
     * say whose it is, for a key that was not given out, and for one whose purge is in the log already.
     *
     * @return null if the slot changed meanwhile
     */
    @Nullable
    CompletableFuture<Boolean> discard(int slot, long word) {
        long erasing = StateWord.erasing(word, EraseReason.INVALID);
        if (word != erasing && !region.changeWord(slot, word, erasing)) {
            return null;
        }
        SlotReference reference = new SlotReference(slot, StateWord.generation(erasing));
        region.overwriteKey(slot, erasing);
        return syncGroup.syncedAndReadBack(
                slot,
                at -> stillErasing(reference),
                readBack -> region.changeWord(slot, erasing, StateWord.free(erasing)));
    }

    /**
     * Frees a slot that a claimer has left behind, after what it holds is overwritten, synced and read back: no caller was told of its
     * key, unless the slot is damaged and only looks like a claim.
     */
    CompletableFuture<Boolean> reclaim(int slot, long claimed) {
        region.overwriteKey(slot, claimed);
        return syncGroup.syncedAndReadBack(
                slot,
                at -> region.word(slot) == claimed,
                readBack -> region.changeWord(slot, claimed, StateWord.free(claimed)));
    }

    private boolean stillErasing(SlotReference slot) {
        long word = region.word(slot.slot());
        return StateWord.state(word) == StateWord.ERASING && StateWord.generation(word) == slot.generation();
    }

    /** Whether the slot is {@code ERASED} now, by this call or another; false if it has even been freed. */
    private boolean settleErasure(SlotReference slot, Instant now) {
        boolean timed = region.changeField(slot.slot(), SlotLayout.ERASED_AT, 0, now.toEpochMilli());
        long word = region.word(slot.slot());
        while (StateWord.generation(word) == slot.generation() && StateWord.state(word) == StateWord.ERASING) {
            if (region.changeWord(slot.slot(), word, StateWord.erased(word))) {
                faultPoints.reached(Step.ERASED);
                return true;
            }
            word = region.word(slot.slot());
        }
        boolean same = StateWord.generation(word) == slot.generation() && StateWord.state(word) == StateWord.ERASED;
        if (!same && timed) {
            // The slot is someone else's by now: the time just written is not theirs.
            region.changeField(slot.slot(), SlotLayout.ERASED_AT, now.toEpochMilli(), 0);
        }
        return same;
    }

    private static SlotView erased(SlotView during, Instant now) {
        return new SlotView(
                during.reference(),
                SlotState.ERASED,
                during.reason(),
                during.broker(),
                during.attempt(),
                during.signupId(),
                during.expiry(),
                during.position(),
                Optional.of(Instant.ofEpochMilli(now.toEpochMilli())),
                during.recorded(),
                false,
                Optional.empty());
    }
}
