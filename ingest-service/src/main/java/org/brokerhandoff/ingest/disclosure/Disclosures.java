package org.brokerhandoff.ingest.disclosure;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.avro.specific.SpecificRecord;
import org.brokerhandoff.custody.Ownership;
import org.brokerhandoff.eventlog.EventPublisher;
import org.brokerhandoff.ingest.authentication.ApiKey;
import org.brokerhandoff.ingest.authentication.Caller;
import org.brokerhandoff.ingest.domain.DisclosureConsent;
import org.brokerhandoff.ingest.domain.DisclosureRuling;
import org.brokerhandoff.ingest.intake.FaultPoints;
import org.brokerhandoff.ingest.intake.FaultPoints.Arrow;
import org.brokerhandoff.ingest.intake.TimeOfReceipt;
import org.brokerhandoff.ingest.intake.Unavailability;
import org.brokerhandoff.ingest.rights.SignupLocks;
import org.brokerhandoff.ingest.status.DisclosureCase;
import org.brokerhandoff.ingest.status.DisclosureReader;
import org.brokerhandoff.register.Disclosure;
import org.brokerhandoff.schemas.Topic;

/**
 * The steps of requests for disclosure: question, answer, decision.
 *
 * <p>A step is judged by what was acknowledged before it, published, and judged again by the state of the log then. The steps about one signup
 * are serialised. If two processes take different steps at once all the same, since one stood still and lost its lock, both publish; the first
 * in the log counts, in the register as in the audit, and only its caller gets success.
 *
 * <p>Death after the acknowledgement: the step is taken, and its repeat is answered accordingly.
 */
public final class Disclosures {
    private static final long PUBLICATION_LIMIT_SECONDS = 25;

    private final DisclosureReader reader;
    private final EventPublisher publisher;
    private final SignupLocks locks;
    private final Preservations preservations;
    private final Surroundings surroundings;
    private final DisclosureSteps rules;

    /**
     * Collaborators.
     *
     * @param blocking runs the steps, which wait for the register and for Kafka
     */
    public record Surroundings(TimeOfReceipt clock, Executor blocking, FaultPoints faultPoints) {}

    /**
     * Steps in the log of {@code publisher}.
     *
     * @param locks of all hosts that share custody
     * @param keyNamed the API key of that id, as the key file has it now
     */
    public Disclosures(
            DisclosureReader reader,
            EventPublisher publisher,
            SignupLocks locks,
            Function<String, Optional<ApiKey>> keyNamed,
            Preservations preservations,
            Surroundings surroundings) {
        this.reader = reader;
        this.publisher = publisher;
        this.locks = locks;
        this.preservations = preservations;
        this.surroundings = surroundings;
        this.rules = new DisclosureSteps(new FourEyes(keyNamed));
    }

    /** Puts the question to the person. */
    public CompletionStage<DisclosureOutcome> ask(UUID requestId, Instant answerBy, ApiKey caller) {
        return ofRequest(requestId, (found, now) -> rules.ask(found.request(), answerBy, caller, now));
    }

    /** Decides a request; if granted with a hold, the key's end is prolonged when the stage completes. */
    public CompletionStage<DisclosureOutcome> decide(UUID requestId, DisclosureRuling ruling, ApiKey caller) {
        return ofRequest(requestId, (found, now) -> rules.decide(found, ruling, caller, now));
    }

    /** Ends the hold that a request caused; the key ends when it would have without it. */
    public CompletionStage<DisclosureOutcome> release(UUID requestId, ApiKey caller) {
        return ofRequest(requestId, (found, now) -> rules.release(found, caller, now));
    }

    /** Takes the person's answer to a question about a signup that {@code caller} may act on. */
    public CompletionStage<DisclosureOutcome> answer(
            UUID signupId, UUID questionId, DisclosureConsent answer, Caller caller) {
        // Ownership is checked first: strangers must not take the locks of a signup.
        return reader.ofSignup(signupId, caller)
                .thenApplyAsync(
                        owned -> owned.isEmpty()
                                ? new DisclosureOutcome.Refused(Refusal.UNKNOWN_QUESTION)
                                : locks.alone(
                                        signupId,
                                        lock -> step(
                                                lock,
                                                () -> reader.awaitQuestion(signupId, questionId, caller),
                                                Refusal.UNKNOWN_QUESTION,
                                                (found, now) -> rules.answer(
                                                        found.request(), questionId, answer, caller, now))),
                        surroundings.blocking());
    }

    /** Judges a step. */
    private interface Judging {
        Verdict judge(DisclosureCase found, Instant now);
    }

    private CompletionStage<DisclosureOutcome> ofRequest(UUID requestId, Judging judging) {
        return reader.signupOf(requestId)
                .thenApplyAsync(
                        signupId -> signupId.isEmpty()
                                ? new DisclosureOutcome.Refused(Refusal.UNKNOWN_REQUEST)
                                : locks.alone(
                                        signupId.get(),
                                        lock -> settled(step(
                                                lock,
                                                () -> reader.awaitRequest(signupId.get(), requestId),
                                                Refusal.UNKNOWN_REQUEST,
                                                judging))),
                        surroundings.blocking());
    }

    /** The log has the hold, or its end; the slot follows, before the answer. A repeat completes the work of a process that died here. */
    private DisclosureOutcome settled(DisclosureOutcome outcome) {
        if (outcome instanceof DisclosureOutcome.Settled settled
                && settled.now()
                        .request()
                        .decision()
                        .flatMap(Disclosure.Decision::preservedUntil)
                        .isPresent()) {
            settled.now().signup().ifPresent(preservations::settle);
        }
        return outcome;
    }

    private DisclosureOutcome step(
            Ownership lock, Supplier<Optional<DisclosureCase>> read, Refusal unknown, Judging judging) {
        Optional<Instant> time = surroundings.clock().now();
        if (time.isEmpty()) {
            return new DisclosureOutcome.Unavailable(Unavailability.CLOCK_IN_DOUBT);
        }
        Instant now = time.get().truncatedTo(ChronoUnit.MILLIS);
        Optional<DisclosureCase> found = read.get();
        if (found.isEmpty()) {
            return new DisclosureOutcome.Refused(unknown);
        }
        Verdict verdict = judging.judge(found.get(), now);
        if (!(verdict instanceof Verdict.Allowed allowed)) {
            return outcome(verdict, found.get(), true);
        }
        if (!lock.held()) {
            throw new SignupLocks.StillLocked();
        }
        publish(found.get().request().signupId(), allowed.event());
        surroundings.faultPoints().reached(Arrow.DISCLOSURE_STEP_ACKNOWLEDGED);
        return read.get()
                .map(after -> outcome(judging.judge(after, now), after, false))
                .orElseGet(() -> new DisclosureOutcome.Refused(unknown));
    }

    private void publish(UUID signupId, SpecificRecord event) {
        var unused = publisher
                .publish(Topic.CONSENTS, signupId, event)
                .toCompletableFuture()
                .orTimeout(PUBLICATION_LIMIT_SECONDS, TimeUnit.SECONDS)
                .join();
    }

    private static DisclosureOutcome outcome(Verdict verdict, DisclosureCase now, boolean repeated) {
        if (verdict instanceof Verdict.Taken) {
            return new DisclosureOutcome.Settled(now, repeated);
        } else if (verdict instanceof Verdict.Refused refused) {
            return new DisclosureOutcome.Refused(refused.refusal());
        }
        throw new IllegalStateException("an acknowledged step is not in the register");
    }
}
