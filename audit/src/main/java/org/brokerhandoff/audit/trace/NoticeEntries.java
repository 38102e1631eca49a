package org.brokerhandoff.audit.trace;

import java.time.Instant;
import java.util.function.BiConsumer;
import org.apache.avro.specific.SpecificRecord;
import org.brokerhandoff.event.NoticeConfirmed;
import org.brokerhandoff.event.NoticeEscalated;
import org.brokerhandoff.event.NoticeSent;
import org.jspecify.annotations.Nullable;

/** What a time line shows of notices. */
final class NoticeEntries {
    private NoticeEntries() {}

    /** Hands {@code to} what an event says, and returns when it happened; null if it is not about a notice. */
    static @Nullable Instant describe(SpecificRecord event, BiConsumer<String, @Nullable Object> to) {
        if (event instanceof NoticeSent e) {
            to.accept("broker", e.getBroker());
            to.accept("notice", e.getType());
            to.accept("attempt", e.getAttempt());
            to.accept("outcome", e.getOutcome());
            to.accept("status", e.getStatus());
            to.accept("not before", e.getNotBefore());
            return e.getSentAt();
        } else if (event instanceof NoticeConfirmed e) {
            to.accept("broker", e.getBroker());
            to.accept("notice", e.getType());
            return e.getConfirmedAt();
        } else if (event instanceof NoticeEscalated e) {
            to.accept("broker", e.getBroker());
            to.accept("notice", e.getType());
            to.accept("reason", e.getReason());
            to.accept("attempts", e.getAttempts());
            return e.getEscalatedAt();
        }
        return null;
    }
}
