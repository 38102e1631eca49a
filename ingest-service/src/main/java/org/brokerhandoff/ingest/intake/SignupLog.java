package org.brokerhandoff.ingest.intake;

import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.brokerhandoff.event.SealedSignup;
import org.brokerhandoff.eventlog.EventPublisher;
import org.brokerhandoff.eventlog.RecordPosition;
import org.brokerhandoff.ingest.domain.Entry;
import org.brokerhandoff.ingest.idempotency.RequestMark;
import org.brokerhandoff.ingest.idempotency.Reservation;
import org.brokerhandoff.ingest.publish.SignupEvents;
import org.brokerhandoff.ledger.entry.Leaf;
import org.brokerhandoff.operations.tracing.TraceLink;
import org.brokerhandoff.schemas.Topic;

/** Publishes the two records of a signup, and returns their positions. */
public final class SignupLog {
    private final EventPublisher publisher;
    private final boolean promised;

    /** @param promised whether the answers promise that the ledger will have the evidence */
    public SignupLog(EventPublisher publisher, boolean promised) {
        this.publisher = publisher;
        this.promised = promised;
    }

    /** What a request says, as in the events already published: a repeat keeps the consent time of the first request. */
    static Entry entry(Reservation reservation, Submission submission) {
        return reservation
                .request()
                .map(first -> submission.entry().givenAt(first.givenAt()))
                .orElse(submission.entry());
    }

    /** Publishes what must precede the sealed record in the log. */
    CompletionStage<Optional<Leaf.Present>> evidence(Reservation reservation, String owner, Entry entry) {
        UUID id = reservation.signupId();
        return publisher.publishLeaf(
                Topic.CONSENTS,
                id,
                SignupEvents.evidence(id, owner, entry, reservation.receivedAt(), reservation.eraseBy()));
    }

    /**
     * Publishes the sealed record, which may be handed over from then on.
     *
     * @param link the span that publishes it, for the router's trace
     */
    CompletionStage<RecordPosition> sealed(UUID id, SealedSignup signup, Optional<TraceLink> link) {
        return publisher.publish(Topic.SIGNUPS, id, signup, link);
    }

    /**
     * Publishes the evidence of an accepted signup again, with the same event id, so that its repeat gets a position, if positions are
     * returned and the repeat has the same content. Never fails: a repeat without a position is still a repeat.
     *
     * @param mark of {@code submission}
     */
    CompletionStage<Optional<Leaf.Present>> evidenceAgain(
            Reservation reservation, Submission submission, RequestMark mark) {
        boolean same = reservation
                .request()
                .map(first -> first.digest().equals(mark.digest()))
                .orElse(false);
        if (!promised || !same || !(submission.entry() instanceof Entry.Consented)) {
            return CompletableFuture.completedStage(Optional.empty());
        }
        return evidence(reservation, submission.request().owner(), entry(reservation, submission))
                .exceptionally(failure -> Optional.empty());
    }
}
