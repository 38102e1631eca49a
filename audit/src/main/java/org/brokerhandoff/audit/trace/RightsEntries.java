package org.brokerhandoff.audit.trace;

import java.time.Instant;
import java.util.Locale;
import java.util.function.BiConsumer;
import org.apache.avro.specific.SpecificRecord;
import org.brokerhandoff.event.HoldingFound;
import org.brokerhandoff.event.RightsRequestDecided;
import org.brokerhandoff.event.RightsRequestExtended;
import org.brokerhandoff.event.RightsRequested;
import org.brokerhandoff.schemas.SignupIds;
import org.jspecify.annotations.Nullable;

/** What a time line shows of people's requests. */
final class RightsEntries {
    private RightsEntries() {}

    /** Hands {@code to} what an event says, and returns when it happened; null if it is not about a request. */
    static @Nullable Instant describe(SpecificRecord event, BiConsumer<String, @Nullable Object> to) {
        if (event instanceof RightsRequested e) {
            to.accept("right", words(e.getType()));
            to.accept("request", SignupIds.uuid(e.getRequestId().bytes()));
            to.accept("by", words(e.getMethod()));
            to.accept("found", found(e.getFound()));
            to.accept("attempts", e.getAttempts());
            to.accept("new data as", e.getSealedAs() == null ? null : SignupIds.uuid(e.getSealedAs()));
            to.accept("due", e.getDueAt());
            return e.getRequestedAt();
        } else if (event instanceof RightsRequestExtended e) {
            to.accept("request", SignupIds.uuid(e.getRequestId().bytes()));
            to.accept("due", e.getDueAt());
            to.accept("because of", words(e.getReason()));
            return e.getExtendedAt();
        } else if (event instanceof RightsRequestDecided e) {
            to.accept("request", SignupIds.uuid(e.getRequestId().bytes()));
            to.accept("decision", words(e.getDecision()));
            to.accept("ground", words(e.getGround()));
            return e.getDecidedAt();
        }
        return null;
    }

    /** A name of the log as words. */
    static String words(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    private static @Nullable String found(@Nullable HoldingFound found) {
        if (found == null) {
            return null;
        }
        return switch (found) {
            case HELD -> "the key, and no broker that had been offered the data";
            case HANDOFF_STARTED -> "a broker that had been offered the data";
            case ENDED -> "the key destroyed";
        };
    }
}
