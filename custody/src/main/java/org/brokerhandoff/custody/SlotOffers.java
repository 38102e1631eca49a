package org.brokerhandoff.custody;

import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.brokerhandoff.custody.FaultPoints.Step;

/**
 * Offers a held key to a broker, and to the next one after that: {@code OFFERING}, sync, {@code OFFERED}. The slot's word decides between an
 * offer, another offer, a restriction and an erasure that come at the same time.
 */
final class SlotOffers {
    private final SlotRegion region;
    private final SlotReader reader;
    private final SlotFileTrust trust;
    private final SyncGroup syncGroup;
    private final FaultPoints faultPoints;

    SlotOffers(
            SlotRegion region, SlotReader reader, SlotFileTrust trust, SyncGroup syncGroup, FaultPoints faultPoints) {
        this.region = region;
        this.reader = reader;
        this.trust = trust;
        this.syncGroup = syncGroup;
        this.faultPoints = faultPoints;
    }

    CompletionStage<OfferOutcome> offer(
            Ownership ownership, SlotReference slot, UUID signupId, int attempts, BrokerTag broker) {
        if (broker.equals(BrokerTag.NONE)) {
            throw new IllegalArgumentException("an offer names a broker");
        }
        if (region.has(slot.slot()) && reader.damaged(slot.slot())) {
            return CompletableFuture.completedFuture(new OfferOutcome.Gone());
        }
        while (true) {
            long word = reader.occupiedWord(slot, signupId);
            if (word == 0) {
                return CompletableFuture.completedFuture(new OfferOutcome.Gone());
            }
            int state = StateWord.state(word);
            if (state == StateWord.ERASING || state == StateWord.ERASED) {
                return CompletableFuture.completedFuture(trust.unchanged(() -> reader.read(slot))
                        .<OfferOutcome>map(OfferOutcome.Erased::new)
                        .orElseGet(OfferOutcome.Gone::new));
            }
            if (!ownership.held()) {
                return CompletableFuture.completedFuture(new OfferOutcome.NotOwner());
            }
            if (StateWord.attempt(word) != attempts) {
                return CompletableFuture.completedFuture(new OfferOutcome.Changed());
            }
            if (StateWord.restricted(word)) {
                SlotView view = reader.view(slot.slot(), word);
                // Read again: the slot may be someone else's by now, and nothing of theirs may be said here.
                if (reader.occupiedWord(slot, signupId) == word) {
                    return CompletableFuture.completedFuture(new OfferOutcome.Restricted(view));
                }
            } else if (state == StateWord.OFFERED && StateWord.broker(word).equals(broker)) {
                long counted = StateWord.nextAttempt(word);
                if (region.changeWord(slot.slot(), word, counted)) {
                    // Synced like the first: a reader that concludes from the log that every attempt is accounted for
                    // must not be told fewer than there were, not even by a host that lost its memory.
                    return syncGroup.synced(readBack -> new OfferOutcome.Offered(StateWord.attempt(counted)));
                }
            } else {
                long offering = StateWord.offering(word, broker);
                if (region.changeWord(slot.slot(), word, offering)) {
                    faultPoints.reached(Step.OFFERING);
                    return syncGroup.synced(readBack -> {
                        faultPoints.reached(Step.OFFER_SYNCED);
                        settle(slot.slot(), offering);
                        return new OfferOutcome.Offered(StateWord.attempt(offering));
                    });
                }
            }
        }
    }

    /** The offer is durable. A caller that changed the word meanwhile syncs its own change. */
    private void settle(int slot, long offering) {
        long word = region.word(slot);
        while (StateWord.equalButForRecorded(word, offering)) {
            if (region.changeWord(slot, word, StateWord.offered(word))) {
                return;
            }
            word = region.word(slot);
        }
    }
}
