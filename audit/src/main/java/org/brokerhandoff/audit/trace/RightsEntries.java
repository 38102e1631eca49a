package org.brokerhandoff.audit.trace;

import java.time.Instant;
import java.util.List;
import java.util.function.BiConsumer;
import org.apache.avro.specific.SpecificRecord;
import org.brokerhandoff.event.RightsRequestDecided;
import org.brokerhandoff.event.RightsRequestExtended;
import org.brokerhandoff.event.RightsRequested;
import org.brokerhandoff.schemas.SignupIds;
import org.jspecify.annotations.Nullable;

/** Time line entries of people's requests. */
final class RightsEntries {
    private RightsEntries() {}

    /** Passes the content of an event to {@code to}, and returns when it happened; null if it is not about a request. */
    static @Nullable Instant describe(SpecificRecord event, BiConsumer<String, @Nullable Object> to) {
        if (event instanceof RightsRequested e) {
            to.accept("right", worded(e.getType()));
            to.accept("request", SignupIds.uuid(e.getRequestId().bytes()));
            to.accept("by", worded(e.getMethod()));
            to.accept("found", e.getFound() == null ? null : new Said.Found(e.getFound()));
            to.accept("attempts", e.getAttempts());
            to.accept("new data as", e.getSealedAs() == null ? null : SignupIds.uuid(e.getSealedAs()));
            to.accept("due", e.getDueAt());
            return e.getRequestedAt();
        } else if (event instanceof RightsRequestExtended e) {
            to.accept("request", SignupIds.uuid(e.getRequestId().bytes()));
            to.accept("due", e.getDueAt());
            to.accept("because of", worded(e.getReason()));
            return e.getExtendedAt();
        } else if (event instanceof RightsRequestDecided e) {
            to.accept("request", SignupIds.uuid(e.getRequestId().bytes()));
            to.accept("decision", worded(e.getDecision()));
            to.accept("ground", worded(e.getGround()));
            return e.getDecidedAt();
        }
        return null;
    }

    static Said worded(Enum<?> value) {
        return new Said.Worded(List.of(value));
    }
}
