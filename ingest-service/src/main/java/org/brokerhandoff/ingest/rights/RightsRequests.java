package org.brokerhandoff.ingest.rights;

import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.avro.specific.SpecificRecord;
import org.brokerhandoff.country.AnswerTerms;
import org.brokerhandoff.country.CountryRules;
import org.brokerhandoff.custody.Ownership;
import org.brokerhandoff.event.ExtensionReason;
import org.brokerhandoff.event.HoldingFound;
import org.brokerhandoff.event.RequestDecision;
import org.brokerhandoff.event.RightsType;
import org.brokerhandoff.event.WithdrawalMethod;
import org.brokerhandoff.event.WithdrawalOutcome;
import org.brokerhandoff.eventlog.EventPublisher;
import org.brokerhandoff.ingest.accept.CorrectedPerson;
import org.brokerhandoff.ingest.accept.RightsParsers.Asked;
import org.brokerhandoff.ingest.authentication.ApiKey;
import org.brokerhandoff.ingest.authentication.Caller;
import org.brokerhandoff.ingest.domain.RightsDemand;
import org.brokerhandoff.ingest.domain.RightsRuling;
import org.brokerhandoff.ingest.intake.FaultPoints;
import org.brokerhandoff.ingest.intake.FaultPoints.Arrow;
import org.brokerhandoff.ingest.intake.IntakeOutcome;
import org.brokerhandoff.ingest.intake.Unavailability;
import org.brokerhandoff.ingest.publish.RightsEvents;
import org.brokerhandoff.ingest.rights.Restrictions.Finding;
import org.brokerhandoff.ingest.status.RegisterReader;
import org.brokerhandoff.ingest.status.RightsCase;
import org.brokerhandoff.ingest.withdraw.WithdrawalAnswer;
import org.brokerhandoff.ingest.withdraw.WithdrawalRequest;
import org.brokerhandoff.ingest.withdraw.Withdrawals;
import org.brokerhandoff.register.RecordedConsent;
import org.brokerhandoff.register.RightsRequest;
import org.brokerhandoff.schemas.Topic;

/**
 * Handles people's requests, and the operator's decisions. The order of the steps of a request, and why:
 *
 * <ol>
 * <li><b>Whose signup is it?</b> As for a {@linkplain Withdrawals withdrawal}, without waiting for the log if the register knows it.
 * <li><b>Custody</b>: an erasure destroys the key, a restriction or an objection forbids attempts. Before the event, because only that stops
 * the router. Death here leaves a slot that is erased, or restricted until it expires: nothing is sent. A repeated request finds the same
 * state.
 * <li><b>Is it a repeat?</b> The register has passed everything acknowledged before, so it has the earlier requests.
 * <li><b>{@code RightsRequested} acknowledged.</b> Its id is derived from signup, type and number, so a repeat after death here is the same fact.
 *   <li><b>The answer.</b>
 * </ol>
 *
 * <p>A rectification leaves the old key alone, which is destroyed by then. Its request is in the log before its new data has a key, under an
 * id that both share, and the consent is checked again between key and publication; a {@linkplain Withdrawals withdrawal} is in the log
 * before it looks for new data. So one of the two always sees the other, and nothing is sent after a withdrawal that was answered. Death
 * before the new data is accepted leaves a request without data; the repeat is another request.
 *
 * <p>A decision to grant an objection erases first and is then recorded; one to refuse a request is recorded first and the restriction then
 * lifted, so that no attempt precedes its permission in the log. Death in between leaves a state in which nothing is sent, and the repeated
 * decision completes it.
 *
 * <p>All steps about one signup's requests run under its {@linkplain SignupLocks lock}.
 */
public final class RightsRequests {
    private static final long LIMIT_SECONDS = 25;

    private final Restrictions restrictions;
    private final SignupLocks locks;
    private final Withdrawals withdrawals;
    private final EventPublisher publisher;
    private final RegisterReader register;
    private final Corrections corrections;
    private final Surroundings surroundings;

    /**
     * Collaborators.
     *
     * @param countries the rules per country in force; empty: the log does not know them yet
     * @param blocking runs the steps, which wait for the register and for Kafka
     */
    public record Surroundings(
            InstantSource clock,
            Supplier<Optional<CountryRules>> countries,
            Executor blocking,
            FaultPoints faultPoints) {}

    /**
     * Requests about signups whose keys {@code restrictions} reaches.
     *
     * @param locks of all hosts that share custody
     */
    public RightsRequests(
            Restrictions restrictions,
            SignupLocks locks,
            Withdrawals withdrawals,
            EventPublisher publisher,
            RegisterReader register,
            Corrections corrections,
            Surroundings surroundings) {
        this.restrictions = restrictions;
        this.locks = locks;
        this.withdrawals = withdrawals;
        this.publisher = publisher;
        this.register = register;
        this.corrections = corrections;
        this.surroundings = surroundings;
    }

    /**
     * Handles a request; idempotent. The stage fails if custody or the log could not confirm it: the request must be retried.
     *
     * @param asked its person is always wiped
     * @param loop the event loop that the request belongs to
     */
    public CompletionStage<RightsOutcome> request(UUID signupId, Caller caller, Asked asked, Executor loop) {
        return started(() -> register.knows(signupId, caller))
                .thenCompose(known -> known
                        ? CompletableFuture.completedFuture(true)
                        : register.status(signupId, caller, surroundings.blocking())
                                .thenApply(Optional::isPresent))
                .thenApplyAsync(
                        known -> known
                                ? locks.alone(
                                        signupId,
                                        lock -> asked.person()
                                                .map(person ->
                                                        rectified(signupId, caller, asked.demand(), person, loop, lock))
                                                .orElseGet(() -> taken(signupId, caller, asked.demand(), lock)))
                                : new RightsOutcome.UnknownSignup(),
                        surroundings.blocking())
                .whenComplete((outcome, failure) ->
                        asked.person().ifPresent(person -> person.person().wipe()));
    }

    private RightsOutcome rectified(
            UUID signupId, Caller caller, RightsDemand demand, CorrectedPerson person, Executor loop, Ownership lock) {
        RightsCase now = register.rights(signupId)
                .orElseThrow(() -> new IllegalStateException("a signup that the register knew is gone"));
        CorrectionRules.Step step = CorrectionRules.of(now, now());
        if (step instanceof CorrectionRules.Step.NotPossible not) {
            return new RightsOutcome.Refused(not.reason());
        }
        CorrectionRules.Step.Take take = (CorrectionRules.Step.Take) step;
        if (!corrections.destroyedUnsent(take.open())) {
            return new RightsOutcome.Refused(RightsOutcome.Refusal.RECTIFICATION_UNDER_WAY);
        }
        UUID id = corrections.newId(signupId);
        Instant at = now();
        RightsRequest request = new RightsRequest(
                id,
                demand.type(),
                at,
                terms(now).dueAt(at),
                demand.method(),
                Optional.empty(),
                Optional.of(new RightsRequest.Correction(id, Optional.empty())),
                Optional.empty(),
                Optional.empty(),
                List.of());
        publish(signupId, RightsEvents.requested(signupId, request, OptionalInt.empty(), caller.keyId()), lock);
        surroundings.faultPoints().reached(Arrow.RIGHTS_REQUEST_ACKNOWLEDGED);
        IntakeOutcome outcome = await(corrections.take(
                id, signupId, now.status().owner().orElseThrow(), new Corrections.Holder(take.holder(), person), loop));
        surroundings.faultPoints().reached(Arrow.CORRECTION_TAKEN);
        if (outcome instanceof IntakeOutcome.Accepted) {
            return new RightsOutcome.Taken(request);
        } else if (outcome instanceof IntakeOutcome.Spent) {
            // The key must not wait for its expiry.
            corrections.destroyedUnsent(List.of(id));
            boolean withdrawn = register.rights(signupId)
                    .flatMap(since -> since.status().withdrawal())
                    .isPresent();
            return withdrawn
                    ? new RightsOutcome.Refused(RightsOutcome.Refusal.CONSENT_WITHDRAWN)
                    : new RightsOutcome.NotTaken(new IntakeOutcome.Unavailable(Unavailability.LOG_UNAVAILABLE));
        }
        return new RightsOutcome.NotTaken(outcome);
    }

    private RightsOutcome taken(UUID signupId, Caller caller, RightsDemand demand, Ownership lock) {
        Instant began = now();
        Optional<Finding> found = custody(signupId, caller, demand.type());
        RightsCase now = register.rights(signupId)
                .orElseThrow(() -> new IllegalStateException("a signup that the register knew is gone"));
        Instant at = now();
        Optional<RightsRequest> standing = RightsRules.standing(now.requests(), demand.type(), at);
        if (standing.isPresent()) {
            return new RightsOutcome.Taken(standing.get());
        }
        RightsRequest request = new RightsRequest(
                RightsRules.nextId(signupId, demand.type(), now.requests()),
                demand.type(),
                at,
                terms(now).dueAt(at),
                demand.method(),
                found.map(finding -> RightsRules.found(finding.found(), now.status(), began)),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                List.of());
        publish(
                signupId,
                RightsEvents.requested(
                        signupId, request, found.map(Finding::attempts).orElseGet(OptionalInt::empty), caller.keyId()),
                lock);
        surroundings.faultPoints().reached(Arrow.RIGHTS_REQUEST_ACKNOWLEDGED);
        return new RightsOutcome.Taken(request);
    }

    /** The effect of the request on the key; empty if none. */
    private Optional<Finding> custody(UUID signupId, Caller caller, RightsType type) {
        if (RightsRules.restricts(type)) {
            Finding finding = restrictions.restrict(signupId);
            surroundings.faultPoints().reached(Arrow.RESTRICTED);
            return Optional.of(finding);
        } else if (type == RightsType.ERASURE) {
            WithdrawalAnswer answer = erase(signupId, caller);
            boolean held = answer instanceof WithdrawalAnswer.Withdrawn withdrawn
                    && withdrawn.outcome() == WithdrawalOutcome.ERASED_BEFORE_HANDOFF;
            return Optional.of(new Finding(
                    Optional.of(held ? HoldingFound.HELD : HoldingFound.HANDOFF_STARTED), OptionalInt.empty()));
        }
        return Optional.empty();
    }

    private WithdrawalAnswer erase(UUID signupId, Caller caller) {
        return await(withdrawals.withdraw(new WithdrawalRequest(signupId, caller, WithdrawalMethod.ERASURE_REQUEST)));
    }

    /** Decides a request; idempotent. The stage fails as that of {@link #request} does. */
    public CompletionStage<RightsOutcome> decide(UUID signupId, UUID requestId, RightsRuling ruling, ApiKey officer) {
        return started(() -> step(signupId, requestId, (now, request, lock) -> {
            RightsRules.Step step = RightsRules.decide(request, ruling);
            if (step instanceof RightsRules.Step.NotPossible not) {
                return new RightsOutcome.Refused(not.reason());
            }
            if (step instanceof RightsRules.Step.Allowed) {
                if (ruling.decision() == RequestDecision.GRANTED && request.type() == RightsType.OBJECTION) {
                    var unused = erase(signupId, new Caller.Officer(officer.id()));
                }
                publish(signupId, RightsEvents.decided(signupId, requestId, ruling, now(), officer.id()), lock);
                surroundings.faultPoints().reached(Arrow.RIGHTS_DECISION_ACKNOWLEDGED);
            }
            if (ruling.decision() == RequestDecision.REFUSED
                    && !RightsRules.restrictionHolds(now.requestsBut(requestId))) {
                restrictions.lift(signupId, lock);
            }
            return again(signupId, requestId);
        }));
    }

    /** Extends the deadline of a request as the country of residence allows, once; idempotent. */
    public CompletionStage<RightsOutcome> extend(
            UUID signupId, UUID requestId, ExtensionReason reason, ApiKey officer) {
        return started(() -> step(signupId, requestId, (now, request, lock) -> {
            Instant at = now();
            Instant extended = terms(now).extendedDueAt(request.requestedAt());
            RightsRules.Step step = RightsRules.extend(request, reason, extended, at);
            if (step instanceof RightsRules.Step.NotPossible not) {
                return new RightsOutcome.Refused(not.reason());
            }
            if (step instanceof RightsRules.Step.Allowed) {
                publish(signupId, RightsEvents.extended(signupId, requestId, extended, reason, at, officer.id()), lock);
            }
            return again(signupId, requestId);
        }));
    }

    /** The time limit for answers about the signup; a contact message has no country. */
    private AnswerTerms terms(RightsCase now) {
        return surroundings
                .countries()
                .get()
                .orElseThrow(() -> new IllegalStateException("the rules per country are not in the log yet"))
                .of(now.status().consent().map(RecordedConsent::jurisdiction))
                .answers();
    }

    private interface Stepping {
        RightsOutcome take(RightsCase now, RightsRequest request, Ownership lock);
    }

    private RightsOutcome step(UUID signupId, UUID requestId, Stepping stepping) {
        return locks.alone(signupId, lock -> {
            Optional<RightsCase> now = register.rights(signupId);
            if (now.isEmpty()) {
                return new RightsOutcome.UnknownSignup();
            }
            Optional<RightsRequest> request = now.get().request(requestId);
            return request.isPresent()
                    ? stepping.take(now.get(), request.get(), lock)
                    : new RightsOutcome.UnknownRequest();
        });
    }

    /** As in the log after the step: the first one counts. */
    private RightsOutcome again(UUID signupId, UUID requestId) {
        return register.rights(signupId)
                .flatMap(now -> now.request(requestId))
                .<RightsOutcome>map(RightsOutcome.Taken::new)
                .orElseGet(RightsOutcome.UnknownRequest::new);
    }

    /** Only under a lock that outlasts it: what was judged under one that is lost may have changed. */
    private void publish(UUID signupId, SpecificRecord event, Ownership lock) {
        if (!lock.held()) {
            throw new SignupLocks.StillLocked();
        }
        await(publisher.publish(Topic.CONSENTS, signupId, event));
    }

    private Instant now() {
        // The log keeps milliseconds, and a repeat must return the same time.
        return surroundings.clock().instant().truncatedTo(ChronoUnit.MILLIS);
    }

    /** Fails, instead of throwing, when the executor is full. */
    private <T> CompletionStage<T> started(Supplier<T> work) {
        try {
            return CompletableFuture.supplyAsync(work, surroundings.blocking());
        } catch (RejectedExecutionException full) {
            return CompletableFuture.failedFuture(full);
        }
    }

    private static <T> T await(CompletionStage<T> stage) {
        return stage.toCompletableFuture()
                .orTimeout(LIMIT_SECONDS, TimeUnit.SECONDS)
                .join();
    }
}
