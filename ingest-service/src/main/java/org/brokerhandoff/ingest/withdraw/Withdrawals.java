package org.brokerhandoff.ingest.withdraw;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.brokerhandoff.custody.EraseOutcome;
import org.brokerhandoff.custody.EraseReason;
import org.brokerhandoff.custody.KeyCustody;
import org.brokerhandoff.custody.SlotView;
import org.brokerhandoff.event.ConsentWithdrawn;
import org.brokerhandoff.event.WithdrawalOutcome;
import org.brokerhandoff.eventlog.EventPublisher;
import org.brokerhandoff.ingest.intake.FaultPoints;
import org.brokerhandoff.ingest.intake.FaultPoints.Arrow;
import org.brokerhandoff.ingest.status.RegisterReader;
import org.brokerhandoff.ingest.status.RightsCase;
import org.brokerhandoff.ledger.entry.Leaf;
import org.brokerhandoff.register.SignupStatus;
import org.brokerhandoff.schemas.SignupIds;
import org.brokerhandoff.schemas.Topic;

/**
 * Withdraws consents. The order of the steps, and why:
 *
 * <ol>
 * <li><b>Whose signup is it?</b> First, because only its owner may destroy anything. The register answers without waiting for the log, unless
 * it does not have the signup yet: that it does not exist is certain only once the register has passed everything that was acknowledged
 * before the request. Death here loses nothing.
 *   <li><b>The key is destroyed, synced and read back.</b> Before the event, because only that keeps the router from starting an attempt;
 *       an event could be overtaken. Custody decides the race: the slot says whether a broker was offered the data before. Death
 *       here: an erased slot with the reason {@code WITHDRAWN} and without the note "recorded", from which the router publishes
 *       the event itself. A repeated request finds the same slot, with the same time and outcome.
 *   <li><b>{@code ConsentWithdrawn} acknowledged.</b> Before the answer, so that no website is notified of a withdrawal that the log
 *       does not have. Its id follows from the signup id, so to publish it again is to publish the same fact. Death here: it
 *       may be published a second time.
 * <li><b>"Recorded" noted in the slot.</b> Spares the router the second publication. Death here loses nothing.
 *   <li><b>The answer.</b>
 * </ol>
 *
 * <p>A signup that was handed over may be under correction: keys of {@linkplain org.brokerhandoff.ingest.rights.Corrections new data} in
 * custody are destroyed too, before the event and again after it.
 *
 * <p>If the key was already destroyed for another reason, custody has nothing left to withdraw: the first event in the log fixes time and
 * outcome, and repeats read them from the register.
 */
public final class Withdrawals {
    private static final Duration LIMIT = Duration.ofSeconds(25);

    private final KeyCustody custody;
    private final EventPublisher publisher;
    private final RegisterReader register;
    private final InstantSource clock;
    private final Executor blocking;
    private final MeterRegistry meters;
    private final FaultPoints faultPoints;
    private final ConcurrentMap<WithdrawalRequest, CompletableFuture<WithdrawalAnswer>> underWay =
            new ConcurrentHashMap<>();

    /**
     * Withdrawals of signups in {@code custody}.
     *
     * @param blocking runs the search for the slot, which is a scan, and the register queries
     */
    public Withdrawals(
            KeyCustody custody,
            EventPublisher publisher,
            RegisterReader register,
            InstantSource clock,
            Executor blocking,
            MeterRegistry meters,
            FaultPoints faultPoints) {
        this.custody = custody;
        this.publisher = publisher;
        this.register = register;
        this.clock = clock;
        this.blocking = blocking;
        this.meters = meters;
        this.faultPoints = faultPoints;
    }

    /**
     * Withdraws the consent of a signup; idempotent. The stage fails if the key's destruction or the event could not be confirmed: the
     * request must be retried.
     */
    public CompletionStage<WithdrawalAnswer> withdraw(WithdrawalRequest request) {
        CompletableFuture<WithdrawalAnswer> own = new CompletableFuture<>();
        CompletableFuture<WithdrawalAnswer> other = underWay.putIfAbsent(request, own);
        if (other != null) {
            return other;
        }
        deciding(request).whenComplete((answer, failure) -> {
            underWay.remove(request, own);
            if (failure == null) {
                own.complete(answer);
            } else {
                own.completeExceptionally(failure);
            }
        });
        return own;
    }

    /** Fails, instead of throwing, when the executor is full: requests waiting for this signup must be notified. */
    private CompletionStage<WithdrawalAnswer> deciding(WithdrawalRequest request) {
        try {
            return CompletableFuture.supplyAsync(
                            () -> register.knows(request.signupId(), request.caller())
                                    ? Optional.of(decide(request))
                                    : Optional.<WithdrawalAnswer>empty(),
                            blocking)
                    .thenCompose(decided -> decided.isPresent()
                            ? CompletableFuture.completedFuture(decided.get())
                            : onceItWouldBeKnown(request));
        } catch (RejectedExecutionException full) {
            return CompletableFuture.failedFuture(full);
        }
    }

    /** No thread waits for the register: signups that it knows are withdrawn meanwhile. */
    private CompletionStage<WithdrawalAnswer> onceItWouldBeKnown(WithdrawalRequest request) {
        return register.status(request.signupId(), request.caller(), blocking)
                .thenApplyAsync(
                        status -> status.isPresent() ? decide(request) : new WithdrawalAnswer.UnknownSignup(),
                        blocking);
    }

    private WithdrawalAnswer decide(WithdrawalRequest request) {
        UUID id = request.signupId();
        Optional<SlotView> slot = await(custody.find(id));
        if (slot.isPresent()) {
            EraseOutcome outcome = await(custody.erase(slot.get().reference(), id, EraseReason.WITHDRAWN));
            faultPoints.reached(Arrow.KEY_ERASED);
            if (outcome instanceof EraseOutcome.Erased erased) {
                return withdrawnNow(request, erased.view());
            } else if (outcome instanceof EraseOutcome.AlreadyErased erased) {
                return erased.view().reason().equals(Optional.of(EraseReason.WITHDRAWN))
                        ? withdrawnNow(request, erased.view())
                        : afterTheEnd(request, Optional.of(erased.view()));
            }
        }
        return afterTheEnd(request, Optional.empty());
    }

    /** The slot records the withdrawal: when, and whether a broker had been offered the data. */
    private WithdrawalAnswer withdrawnNow(WithdrawalRequest request, SlotView view) {
        UUID id = view.signupId();
        Instant at = view.erasedAt().orElseGet(this::now);
        Optional<Leaf.Present> leaf = Optional.empty();
        if (!view.recorded()) {
            leaf = publish(request, at, outcome(view), OptionalInt.of(view.attempt()));
            var unused = await(custody.recorded(view.reference(), id));
        }
        return answer(id, outcome(view), at, leaf);
    }

    /** The key was destroyed for another reason, so the first event in the log fixes the answer. */
    private WithdrawalAnswer afterTheEnd(WithdrawalRequest request, Optional<SlotView> slot) {
        Optional<RightsCase> found = register.rights(request.signupId());
        if (found.isEmpty()) {
            return new WithdrawalAnswer.UnknownSignup();
        }
        // Before the event as well: if this process dies after it, nothing remains that a broker could get.
        destroyCorrections(found.get());
        WithdrawalAnswer answer = afterTheEnd(request, found.get().status(), slot);
        // A concurrent correction sees the event before it publishes, or is seen here.
        register.rights(request.signupId()).ifPresent(this::destroyCorrections);
        return answer;
    }

    /** Stops the delivery of new data of rectifications. The router records the withdrawal, from the slot. */
    private void destroyCorrections(RightsCase now) {
        now.openCorrections()
                .forEach(id -> await(custody.find(id))
                        .ifPresent(slot -> await(custody.erase(slot.reference(), id, EraseReason.WITHDRAWN))));
    }

    private WithdrawalAnswer afterTheEnd(WithdrawalRequest request, SignupStatus status, Optional<SlotView> slot) {
        UUID id = status.signupId();
        if (status.withdrawal().isPresent()) {
            return answer(
                    id,
                    status.withdrawal().get().outcome(),
                    status.withdrawal().get().at(),
                    Optional.empty());
        }
        Instant at = now();
        WithdrawalOutcome outcome = slot.map(Withdrawals::outcome).orElseGet(() -> outcome(status));
        Optional<Leaf.Present> leaf = publish(
                request,
                at,
                outcome,
                slot.map(view -> OptionalInt.of(view.attempt())).orElseGet(OptionalInt::empty));
        return answer(id, outcome, at, leaf);
    }

    private Optional<Leaf.Present> publish(
            WithdrawalRequest request, Instant at, WithdrawalOutcome outcome, OptionalInt attempts) {
        Optional<Leaf.Present> leaf = await(publisher.publishLeaf(
                Topic.CONSENTS,
                request.signupId(),
                ConsentWithdrawn.newBuilder()
                        .setSignupId(SignupIds.fixed(request.signupId()))
                        .setWithdrawnAt(at)
                        .setMethod(request.method())
                        .setOutcome(outcome)
                        // Empty if the slot is gone.
                        .setAttempts(attempts.isPresent() ? attempts.getAsInt() : null)
                        .setActor(request.caller().keyId().orElse(null))
                        .build()));
        faultPoints.reached(Arrow.WITHDRAWAL_ACKNOWLEDGED);
        return leaf;
    }

    private WithdrawalAnswer answer(UUID id, WithdrawalOutcome outcome, Instant at, Optional<Leaf.Present> leaf) {
        meters.counter("handoff.withdrawals", "outcome", outcome.name()).increment();
        return new WithdrawalAnswer.Withdrawn(id, outcome, at, leaf);
    }

    private static WithdrawalOutcome outcome(SlotView view) {
        return view.attempt() == 0 ? WithdrawalOutcome.ERASED_BEFORE_HANDOFF : WithdrawalOutcome.HANDOFF_STARTED;
    }

    /** If the slot is gone: without any assignment no broker can have been sent the data, otherwise one may have been. */
    private static WithdrawalOutcome outcome(SignupStatus status) {
        boolean neverOffered = !status.everAssigned() && status.purge().isPresent();
        return neverOffered ? WithdrawalOutcome.ERASED_BEFORE_HANDOFF : WithdrawalOutcome.HANDOFF_STARTED;
    }

    private Instant now() {
        // The log keeps milliseconds, and a repeat must return the same time.
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }

    private static <T> T await(CompletionStage<T> stage) {
        return stage.toCompletableFuture()
                .orTimeout(LIMIT.toMillis(), TimeUnit.MILLISECONDS)
                .join();
    }
}
