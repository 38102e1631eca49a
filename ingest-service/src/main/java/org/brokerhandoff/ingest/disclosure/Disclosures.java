package org.brokerhandoff.ingest.disclosure;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;
import org.brokerhandoff.eventlog.EventPublisher;
import org.brokerhandoff.ingest.authentication.ApiKey;
import org.brokerhandoff.ingest.authentication.Caller;
import org.brokerhandoff.ingest.domain.DisclosureConsent;
import org.brokerhandoff.ingest.domain.DisclosureRuling;
import org.brokerhandoff.ingest.intake.FaultPoints;
import org.brokerhandoff.ingest.intake.FaultPoints.Arrow;
import org.brokerhandoff.ingest.intake.TimeOfReceipt;
import org.brokerhandoff.ingest.intake.Unavailability;
import org.brokerhandoff.ingest.status.DisclosureCase;
import org.brokerhandoff.ingest.status.DisclosureReader;
import org.brokerhandoff.schemas.Topic;

/**
 * What happens to requests for disclosure: the question, the answer, the decision.
 *
 * <p>A step is judged by what was acknowledged before it, published, and judged again by what the log has then. Of two services that take
 * different steps at once both publish; the first in the log counts, in the register as in the audit, and only who took that one is told so.
 * In one process steps about one signup are taken one after the other.
 *
 * <p>Death after the acknowledgement: the step is taken, and its repeat is told so.
 */
public final class Disclosures {
    private final DisclosureReader reader;
    private final EventPublisher publisher;
    private final TimeOfReceipt clock;
    private final FaultPoints faultPoints;
    private final DisclosureSteps rules;
    private final Turns turns = new Turns();

    /**
     * Steps in the log of {@code publisher}.
     *
     * @param keyNamed the API key of that id, as the key file has it now
     */
    public Disclosures(
            DisclosureReader reader,
            EventPublisher publisher,
            TimeOfReceipt clock,
            Function<String, Optional<ApiKey>> keyNamed,
            FaultPoints faultPoints) {
        this.reader = reader;
        this.publisher = publisher;
        this.clock = clock;
        this.faultPoints = faultPoints;
        this.rules = new DisclosureSteps(new FourEyes(keyNamed));
    }

    /** Asks the person. */
    public CompletionStage<DisclosureOutcome> ask(UUID requestId, Instant answerBy, ApiKey caller) {
        return ofRequest(requestId, (request, now) -> rules.ask(request.request(), answerBy, caller, now));
    }

    /** Decides a request. */
    public CompletionStage<DisclosureOutcome> decide(UUID requestId, DisclosureRuling ruling, ApiKey caller) {
        return ofRequest(requestId, (request, now) -> rules.decide(request.request(), ruling, caller, now));
    }

    /** Takes the person's answer to a question about a signup that {@code caller} may act on. */
    public CompletionStage<DisclosureOutcome> answer(
            UUID signupId, UUID questionId, DisclosureConsent answer, Caller caller) {
        Supplier<CompletionStage<Optional<DisclosureCase>>> read =
                () -> reader.withQuestion(signupId, questionId, caller);
        // Whose it is comes first: the turns of a signup are not for strangers.
        return read.get()
                .thenCompose(found -> found.isEmpty()
                        ? refused(Refusal.UNKNOWN_QUESTION)
                        : turns.after(
                                signupId,
                                () -> step(
                                        read,
                                        Refusal.UNKNOWN_QUESTION,
                                        (request, now) ->
                                                rules.answer(request.request(), questionId, answer, caller, now))));
    }

    /** Judges a step. */
    private interface Judging {
        Verdict judge(DisclosureCase request, Instant now);
    }

    private CompletionStage<DisclosureOutcome> ofRequest(UUID requestId, Judging judging) {
        return reader.signupOf(requestId)
                .thenCompose(signupId -> signupId.isEmpty()
                        ? refused(Refusal.UNKNOWN_REQUEST)
                        : turns.after(
                                signupId.get(),
                                () -> step(
                                        () -> reader.request(signupId.get(), requestId),
                                        Refusal.UNKNOWN_REQUEST,
                                        judging)));
    }

    private CompletionStage<DisclosureOutcome> step(
            Supplier<CompletionStage<Optional<DisclosureCase>>> read, Refusal unknown, Judging judging) {
        Optional<Instant> time = clock.now();
        if (time.isEmpty()) {
            return CompletableFuture.completedStage(new DisclosureOutcome.Unavailable(Unavailability.CLOCK_IN_DOUBT));
        }
        Instant now = time.get().truncatedTo(ChronoUnit.MILLIS);
        return read.get().thenCompose(found -> {
            if (found.isEmpty()) {
                return refused(unknown);
            }
            Verdict verdict = judging.judge(found.get(), now);
            if (verdict instanceof Verdict.Allowed allowed) {
                return publisher
                        .publish(Topic.CONSENTS, found.get().request().signupId(), allowed.event())
                        .thenCompose(acknowledged -> {
                            faultPoints.reached(Arrow.DISCLOSURE_STEP_ACKNOWLEDGED);
                            return read.get();
                        })
                        .thenApply(after -> settled(after, unknown, judging, now));
            }
            return CompletableFuture.completedStage(outcome(verdict, found.get(), true));
        });
    }

    private static DisclosureOutcome settled(
            Optional<DisclosureCase> after, Refusal unknown, Judging judging, Instant now) {
        return after.isEmpty()
                ? new DisclosureOutcome.Refused(unknown)
                : outcome(judging.judge(after.get(), now), after.get(), false);
    }

    private static DisclosureOutcome outcome(Verdict verdict, DisclosureCase now, boolean repeated) {
        if (verdict instanceof Verdict.Taken) {
            return new DisclosureOutcome.Settled(now, repeated);
        } else if (verdict instanceof Verdict.Refused refused) {
            return new DisclosureOutcome.Refused(refused.refusal());
        }
        throw new IllegalStateException("an acknowledged step is not in the register");
    }

    private static CompletionStage<DisclosureOutcome> refused(Refusal refusal) {
        return CompletableFuture.completedStage(new DisclosureOutcome.Refused(refusal));
    }
}
