package org.brokerhandoff.eventlog;

import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.function.BinaryOperator;
import org.apache.avro.specific.SpecificRecord;
import org.brokerhandoff.event.ConsentWithdrawn;
import org.brokerhandoff.event.Delivered;
import org.brokerhandoff.event.PurgeReason;
import org.brokerhandoff.event.Purged;
import org.brokerhandoff.event.Undeliverable;
import org.brokerhandoff.schemas.EventCodec;
import org.brokerhandoff.schemas.SignupIds;
import org.brokerhandoff.schemas.Topic;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads from the log which custody slots were purged, and which signups' keys nobody needs any more. */
public final class PurgedSlots {
    /** Told of each purge. */
    public interface Handler {
        /** This use of the slot was purged. */
        void purged(UUID signupId, int slot, int generation);
    }

    /** The topics that say it. */
    static final List<Topic> TOPICS = List.of(Topic.CONSENTS, Topic.HANDOFFS, Topic.PURGES);

    private static final Logger LOG = LoggerFactory.getLogger(PurgedSlots.class);

    private PurgedSlots() {}

    /**
     * Tells of every purge, and of the end ({@code Delivered}, {@code Undeliverable}, {@code ConsentWithdrawn}), of each of
     * {@code signups} that was appended at the moment given with it or later, and after the mark, up to the end as it is now; blocks. A
     * purge that follows an end may be missed only where the end is: purges are read last.
     *
     * <p>Only partitions that have one of {@code signups} are read, and what is about another signup is passed over by its key: what
     * remains for each event is to be fetched and looked at.
     *
     * @param signups those to tell of, and since when each
     * @param mark a {@link LogMark}, encoded; what is none does not count
     * @param ended told of each end with the reason that its purge gives
     * @return how many events were looked at
     * @throws org.apache.kafka.common.KafkaException if the log cannot be read
     * @throws UnknownSchema if a newer version has recorded something, which may be a purge
     */
    public static long since(
            KafkaClients clients,
            EventCodec codec,
            String clientId,
            Map<UUID, Instant> signups,
            Optional<byte[]> mark,
            Handler handler,
            BiConsumer<UUID, PurgeReason> ended) {
        Optional<LogMark> known = mark.flatMap(LogMark::decoded);
        Map<Integer, Instant> partitions = new HashMap<>();
        signups.forEach((signup, from) -> partitions.merge(
                EventPartitions.of(signup, clients.settings().partitions()),
                from,
                BinaryOperator.minBy(Comparator.naturalOrder())));
        long events;
        try (EventReader reader = new EventReader(clients, codec, clientId)) {
            for (List<Topic> topics : List.of(List.of(Topic.CONSENTS, Topic.HANDOFFS), List.of(Topic.PURGES))) {
                reader.readSince(
                        topics,
                        partitions,
                        known,
                        WantedKeys.anyOf(signups.keySet()),
                        received ->
                                UnknownSchema.known(received).ifPresent(event -> tell(event.event(), handler, ended)));
            }
            events = reader.eventsRead();
        }
        LOG.info(
                "the slots of {} signups are compared with {} events of {} partitions, from {} on",
                signups.size(),
                events,
                partitions.size(),
                known.map(LogMark::at).map(Instant::toString).orElse("the earliest reception"));
        return events;
    }

    private static void tell(SpecificRecord event, Handler handler, BiConsumer<UUID, PurgeReason> ended) {
        if (event instanceof Purged purged) {
            handler.purged(SignupIds.uuid(purged.getSignupId()), purged.getSlot(), purged.getGeneration());
        } else if (event instanceof Delivered delivered) {
            ended.accept(SignupIds.uuid(delivered.getSignupId()), PurgeReason.DELIVERED);
        } else if (event instanceof Undeliverable undeliverable) {
            ended.accept(SignupIds.uuid(undeliverable.getSignupId()), PurgeReason.UNDELIVERABLE);
        } else if (event instanceof ConsentWithdrawn withdrawn) {
            ended.accept(SignupIds.uuid(withdrawn.getSignupId()), PurgeReason.WITHDRAWN);
        }
    }
}
