package org.brokerhandoff.router.deliver;

import java.time.Instant;
import java.util.Optional;
import org.brokerhandoff.event.ReconciliationAnswer;

/**
 * What a broker said when it was asked whether it has a signup.
 *
 * @param askedAt before the first byte of the question
 * @param answeredAt when it had answered, or was given up
 * @param answer empty if it did not answer, or not in the contract's form: then only the handoff itself, repeated, can tell
 * @param status the HTTP status of the answer, 0 if there was none
 */
public record Reconciliation(Instant askedAt, Instant answeredAt, Optional<ReconciliationAnswer> answer, int status) {
    private static final int NOT_FOUND = 404;

    /** What {@code reply} says. Pure. */
    public static Reconciliation of(BrokerReply reply, Instant askedAt, Instant answeredAt) {
        if (reply instanceof BrokerReply.Answered answered) {
            return new Reconciliation(askedAt, answeredAt, answer(answered), answered.status());
        }
        return new Reconciliation(askedAt, answeredAt, Optional.empty(), 0);
    }

    /** A proxy's 404, or a framework's, does not speak for the broker: only the contract's body does. */
    private static Optional<ReconciliationAnswer> answer(BrokerReply.Answered reply) {
        boolean success = reply.status() / 100 == 2;
        return reply.verdict().flatMap(verdict -> switch (verdict) {
            case ACCEPTED, DUPLICATE -> success ? Optional.of(ReconciliationAnswer.ACCEPTED) : Optional.empty();
            case REJECTED -> success ? Optional.of(ReconciliationAnswer.REJECTED) : Optional.empty();
            case UNKNOWN ->
                success || reply.status() == NOT_FOUND
                        ? Optional.of(ReconciliationAnswer.NOT_RECEIVED)
                        : Optional.empty();
        });
    }
}
