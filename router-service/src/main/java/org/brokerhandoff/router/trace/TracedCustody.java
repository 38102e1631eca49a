package org.brokerhandoff.router.trace;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import org.brokerhandoff.custody.BrokerTag;
import org.brokerhandoff.custody.CustodyUsage;
import org.brokerhandoff.custody.DataKey;
import org.brokerhandoff.custody.EraseOutcome;
import org.brokerhandoff.custody.EraseReason;
import org.brokerhandoff.custody.HoldOutcome;
import org.brokerhandoff.custody.KeyCustody;
import org.brokerhandoff.custody.LiftOutcome;
import org.brokerhandoff.custody.LogPosition;
import org.brokerhandoff.custody.OfferOutcome;
import org.brokerhandoff.custody.Ownership;
import org.brokerhandoff.custody.ProlongOutcome;
import org.brokerhandoff.custody.ReadBack;
import org.brokerhandoff.custody.RestrictOutcome;
import org.brokerhandoff.custody.SlotReference;
import org.brokerhandoff.custody.SlotView;
import org.brokerhandoff.custody.SweepResult;
import org.brokerhandoff.operations.tracing.Attribute;
import org.brokerhandoff.operations.tracing.Operation;
import org.brokerhandoff.operations.tracing.TracedSpan;

/** Traces what decides over a signup in custody: offers and erasures. */
record TracedCustody(KeyCustody custody, HandoffTraces traces) implements KeyCustody {
    @Override
    public CompletionStage<HoldOutcome> hold(UUID signupId, Instant expiry) {
        return custody.hold(signupId, expiry);
    }

    @Override
    public CompletionStage<Optional<DataKey>> key(SlotReference slot, UUID signupId) {
        return custody.key(slot, signupId);
    }

    @Override
    public CompletionStage<Optional<DataKey>> heldKey(SlotReference slot, UUID signupId) {
        return custody.heldKey(slot, signupId);
    }

    @Override
    public CompletionStage<Optional<SlotView>> read(SlotReference slot) {
        return custody.read(slot);
    }

    @Override
    public CompletionStage<Optional<SlotView>> find(UUID signupId) {
        return custody.find(signupId);
    }

    @Override
    public CompletionStage<OfferOutcome> offer(
            Ownership ownership, SlotReference slot, UUID signupId, int attempts, BrokerTag broker) {
        TracedSpan span = traces.of(signupId).child(Operation.OFFER);
        return span.until(custody.offer(ownership, slot, signupId, attempts, broker)
                .thenApply(outcome -> {
                    if (outcome instanceof OfferOutcome.Offered offered) {
                        span.with(new Attribute.Attempt(offered.attempt()));
                    }
                    return outcome;
                }));
    }

    @Override
    public CompletionStage<RestrictOutcome> restrict(SlotReference slot, UUID signupId) {
        return custody.restrict(slot, signupId);
    }

    @Override
    public CompletionStage<LiftOutcome> lift(SlotReference slot, UUID signupId) {
        return custody.lift(slot, signupId);
    }

    @Override
    public CompletionStage<ProlongOutcome> prolong(SlotReference slot, UUID signupId, Instant until) {
        return custody.prolong(slot, signupId, until);
    }

    @Override
    public CompletionStage<EraseOutcome> erase(SlotReference slot, UUID signupId, EraseReason reason) {
        return traces.of(signupId)
                .child(Operation.ERASE)
                .with(new Attribute.Outcome(reason))
                .until(custody.erase(slot, signupId, reason));
    }

    @Override
    public CompletionStage<?> position(SlotReference slot, UUID signupId, LogPosition position) {
        return custody.position(slot, signupId, position);
    }

    @Override
    public CompletionStage<?> recorded(SlotReference slot, UUID signupId) {
        return custody.recorded(slot, signupId);
    }

    @Override
    public CompletionStage<Boolean> free(SlotReference slot, UUID signupId) {
        return custody.free(slot, signupId);
    }

    @Override
    public CompletionStage<List<SlotView>> erased() {
        return custody.erased();
    }

    @Override
    public Optional<ReadBack> readBackOfErased() {
        return custody.readBackOfErased();
    }

    @Override
    public SweepResult sweep(Instant now) {
        return custody.sweep(now);
    }

    @Override
    public CompletionStage<CustodyUsage> usage() {
        return custody.usage();
    }

    @Override
    public void close() {
        custody.close();
    }
}
