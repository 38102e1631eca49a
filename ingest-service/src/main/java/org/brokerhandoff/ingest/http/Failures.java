package org.brokerhandoff.ingest.http;

import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import org.brokerhandoff.custody.CustodyException;
import org.brokerhandoff.eventlog.EventLogUnavailable;
import org.brokerhandoff.eventlog.PublicationFailed;
import org.brokerhandoff.eventlog.UnknownSchema;
import org.brokerhandoff.ingest.idempotency.IdempotencyFailed;
import org.brokerhandoff.ingest.intake.Unavailability;
import org.brokerhandoff.ingest.policy.Documents;
import org.brokerhandoff.ingest.rights.SignupLocks;
import org.brokerhandoff.register.RegisterBehind;
import org.brokerhandoff.register.RegisterUnavailable;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a failed step means for the client. */
final class Failures {
    private static final Logger LOG = LoggerFactory.getLogger(Failures.class);

    private Failures() {}

    static Unavailability kind(@Nullable Throwable failure) {
        Throwable cause = failure;
        while (cause instanceof CompletionException && cause.getCause() != null) {
            cause = cause.getCause();
        }
        if (cause instanceof RegisterBehind
                || cause instanceof RegisterUnavailable
                || cause instanceof EventLogUnavailable
                || cause instanceof UnknownSchema
                || cause instanceof Documents.NotUpToDate) {
            return Unavailability.REGISTER_BEHIND;
        } else if (cause instanceof PublicationFailed) {
            return Unavailability.LOG_UNAVAILABLE;
        } else if (cause instanceof IdempotencyFailed) {
            return Unavailability.STORE_UNAVAILABLE;
        } else if (cause instanceof CustodyException) {
            return Unavailability.CUSTODY_FAILED;
        }
        if (cause instanceof RejectedExecutionException || cause instanceof SignupLocks.StillLocked) {
            return Unavailability.OVERLOADED;
        }
        // Only the kind: a message from a lower layer might quote its input.
        LOG.warn(
                "a request could not be served: {}",
                cause == null ? "unknown" : cause.getClass().getName());
        return Unavailability.UNEXPECTED;
    }
}
