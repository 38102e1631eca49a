package org.brokerhandoff.router.journal;

import java.time.Instant;
import java.util.HashSet;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import org.brokerhandoff.event.Purged;
import org.brokerhandoff.eventlog.EventReader;
import org.brokerhandoff.eventlog.ReceivedEvent;
import org.brokerhandoff.eventlog.UnknownSchema;
import org.brokerhandoff.schemas.EventId;
import org.brokerhandoff.schemas.Topic;

/** The signups of one partition that were purged since a moment: read on from where the last reading ended. Not thread-safe. */
final class PurgedSignups {
    /** Beyond that it is made again, from a later moment. */
    private static final int MOST = 200_000;

    private final Instant from;
    private final Set<UUID> signups = new HashSet<>();
    private OptionalLong next = OptionalLong.empty();

    PurgedSignups(Instant from) {
        this.from = from;
    }

    /** Whether what was purged since {@code since} is in here, once it is read; not if this has become too large. */
    boolean reachesBackTo(Instant since) {
        return !since.isBefore(from) && signups.size() < MOST;
    }

    /** Reads to the end as it is now; what an unknown schema stops is read again. */
    void readOn(EventReader reader, int partition) {
        Consumer<ReceivedEvent> taking = received -> {
            UnknownSchema.known(received).ifPresent(event -> {
                if (event.event() instanceof Purged purged) {
                    EventId.signup(purged).ifPresent(signups::add);
                }
            });
            next = OptionalLong.of(received.offset() + 1);
        };
        if (next.isPresent()) {
            reader.readFrom(Map.of(Topic.PURGES, Map.of(partition, next.getAsLong())), taking);
        } else {
            reader.readSince(Topic.PURGES, partition, from, taking);
        }
    }

    boolean contains(UUID signup) {
        return signups.contains(signup);
    }
}
