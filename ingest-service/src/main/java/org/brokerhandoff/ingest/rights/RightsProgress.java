package org.brokerhandoff.ingest.rights;

import org.brokerhandoff.event.HoldingFound;
import org.brokerhandoff.event.NoticeOutcome;
import org.brokerhandoff.event.PurgeReason;
import org.brokerhandoff.event.RequestDecision;
import org.brokerhandoff.event.RightsType;
import org.brokerhandoff.register.OwedNotice;
import org.brokerhandoff.register.RightsRequest;
import org.brokerhandoff.register.SignupStatus;

/** How far a request is, or what one recipient does about it, the least first. Pure. */
public enum RightsProgress {
    /** A recipient has not answered. */
    PENDING,
    /** A recipient is at work on it, or the operator weighs it. */
    IN_PROGRESS,
    /** It will not be done, by the operator or by a recipient, and the person is told why. */
    REFUSED,
    /** It is done. */
    COMPLETED;

    /** What a recipient does about it. */
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

    /** What the holder does about new data. */
    public static RightsProgress of(SignupStatus correction) {
        boolean delivered = correction
                .purge()
                .filter(purge -> purge.reason() == PurgeReason.DELIVERED)
                .isPresent();
        return switch (correction.state()) {
            case DELIVERED -> COMPLETED;
            // A newer one, or a withdrawal, has taken its place.
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
            // What expired, or could not be read, has not reached the holder: a person has to see to it.
            case RECEIVED, EXPIRED -> PENDING;
        };
    }

    /** How far the request is. */
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
