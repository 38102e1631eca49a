package org.brokerhandoff.ingest.intake;

import java.util.concurrent.CompletionException;
import org.brokerhandoff.custody.CustodyException;
import org.brokerhandoff.eventlog.PublicationFailed;
import org.brokerhandoff.ingest.idempotency.IdempotencyFailed;
import org.brokerhandoff.register.RegisterBehind;
import org.brokerhandoff.register.RegisterUnavailable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The response to a website when a step of the intake fails. */
final class IntakeFailures {
    private static final Logger LOG = LoggerFactory.getLogger(IntakeFailures.class);

    private IntakeFailures() {}

    /** The reason to report. A failure without one is logged by its kind. */
    static Unavailability reason(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (cause instanceof PublicationFailed) {
            return Unavailability.LOG_UNAVAILABLE;
        } else if (cause instanceof CustodyException) {
            return Unavailability.CUSTODY_FAILED;
        } else if (cause instanceof IdempotencyFailed) {
            return Unavailability.STORE_UNAVAILABLE;
        } else if (cause instanceof RegisterBehind || cause instanceof RegisterUnavailable) {
            return Unavailability.REGISTER_BEHIND;
        }
        // Only the kind: the message might quote personal data.
        LOG.warn(
                "a signup could not be accepted: {}",
                cause == null ? "unknown" : cause.getClass().getName());
        return Unavailability.UNEXPECTED;
    }
}
