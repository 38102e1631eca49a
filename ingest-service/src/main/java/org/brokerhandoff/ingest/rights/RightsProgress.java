package org.brokerhandoff.ingest.rights;

import org.brokerhandoff.event.HoldingFound;
import org.brokerhandoff.event.NoticeOutcome;
import org.brokerhandoff.event.PurgeReason;
import org.brokerhandoff.event.RequestDecision;
import org.brokerhandoff.event.RightsType;
import org.brokerhandoff.register.OwedNotice;
import org.brokerhandoff.register.RightsRequest;
import org.brokerhandoff.register.SignupStatus;

/** Progress of a request, or of one recipient, in ascending order. Pure. */
public enum RightsProgress {
    /** A recipient has not answered. */
    PENDING,
    /** A recipient is working on it, or the operator is deciding it. */
    IN_PROGRESS,
    /** The operator or a recipient refuses it, with the reason for the person. */
    REFUSED,
    /** It is done. */
    COMPLETED;

    /** A recipient's progress. */
    public static RightsProgress of(OwedNotice recipient) {
        if (recipient.confirmedAt().isPresent()) {
            return COMPLETED;
        } else if (recipient.refusal().isPresent()) {
            return REFUSED;
        }
        return recipient
                .last()
                .filter(sending -> sending.outcome() == NoticeOutcome.PENDING)
                .map(sending -> IN_PROGRESS)
                .orElse(PENDING);
    }

    /** The holder's progress with new data. */
    public static RightsProgress of(SignupStatus correction) {
        boolean delivered = correction
                .purge()
                .filter(purge -> purge.reason() == PurgeReason.DELIVERED)
                .isPresent();
        return switch (correction.state()) {
            case DELIVERED -> COMPLETED;
            // Superseded by a newer one, or a withdrawal.
            case WITHDRAWN -> delivered ? COMPLETED : REFUSED;
            // Without a refusal its record could not be read.
            case UNDELIVERABLE ->
                correction
                                .purge()
                                .filter(purge -> purge.reason() == PurgeReason.INVALID)
                                .isPresent()
                        ? PENDING
                        : REFUSED;
            case ASSIGNED -> IN_PROGRESS;
            // Expired or unreadable data has not reached the holder: a human has to act.
            case RECEIVED, EXPIRED -> PENDING;
        };
    }

    /** The progress of the whole request. */
    public static RightsProgress of(RightsRequest request) {
        if (request.decision()
                .filter(decision -> decision.outcome() == RequestDecision.REFUSED)
                .isPresent()) {
            return REFUSED;
        }
        if (request.type() == RightsType.RECTIFICATION) {
            return request.correction()
                    .flatMap(RightsRequest.Correction::status)
                    .map(RightsProgress::of)
                    .orElse(PENDING);
        }
        boolean weighed = request.type() == RightsType.OBJECTION
                && request.decision().isEmpty()
                && request.found().filter(HoldingFound.ENDED::equals).isEmpty();
        return request.recipients().stream()
                .map(RightsProgress::of)
                .reduce(weighed ? IN_PROGRESS : COMPLETED, (one, other) -> one.compareTo(other) <= 0 ? one : other);
    }
}
