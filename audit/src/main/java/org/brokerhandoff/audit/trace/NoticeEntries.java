package org.brokerhandoff.audit.trace;

import java.time.Instant;
import java.util.UUID;
import java.util.function.BiConsumer;
import org.apache.avro.specific.SpecificRecord;
import org.brokerhandoff.event.NoticeConfirmed;
import org.brokerhandoff.event.NoticeEscalated;
import org.brokerhandoff.event.NoticeRefused;
import org.brokerhandoff.event.NoticeSent;
import org.brokerhandoff.event.RandomId;
import org.brokerhandoff.schemas.SignupIds;
import org.jspecify.annotations.Nullable;

/** Time line entries of notices. */
final class NoticeEntries {
    private NoticeEntries() {}

    /** Passes the content of an event to {@code to}, and returns when it happened; null if it is not about a notice. */
    static @Nullable Instant describe(SpecificRecord event, BiConsumer<String, @Nullable Object> to) {
        if (event instanceof NoticeSent e) {
            to.accept("broker", e.getBroker());
            to.accept("notice", e.getType());
            to.accept("request", request(e.getRequestId()));
            to.accept("attempt", e.getAttempt());
            to.accept("outcome", e.getOutcome());
            to.accept("status", e.getStatus());
            to.accept("not before", e.getNotBefore());
            return e.getSentAt();
        } else if (event instanceof NoticeConfirmed e) {
            to.accept("broker", e.getBroker());
            to.accept("notice", e.getType());
            to.accept("request", request(e.getRequestId()));
            return e.getConfirmedAt();
        } else if (event instanceof NoticeRefused e) {
            to.accept("broker", e.getBroker());
            to.accept("notice", e.getType());
            to.accept("request", request(e.getRequestId()));
            to.accept("because of", RightsEntries.worded(e.getGround()));
            return e.getRefusedAt();
        } else if (event instanceof NoticeEscalated e) {
            to.accept("broker", e.getBroker());
            to.accept("notice", e.getType());
            to.accept("request", request(e.getRequestId()));
            to.accept("reason", e.getReason());
            to.accept("attempts", e.getAttempts());
            return e.getEscalatedAt();
        }
        return null;
    }

    private static @Nullable UUID request(@Nullable RandomId id) {
        return id == null ? null : SignupIds.uuid(id.bytes());
    }
}
