package org.brokerhandoff.eventlog;

import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.function.BinaryOperator;
import java.util.function.Consumer;
import org.apache.avro.specific.SpecificRecord;
import org.brokerhandoff.event.ConsentWithdrawn;
import org.brokerhandoff.event.Delivered;
import org.brokerhandoff.event.PurgeReason;
import org.brokerhandoff.event.Purged;
import org.brokerhandoff.event.RandomId;
import org.brokerhandoff.event.RequestDecision;
import org.brokerhandoff.event.RightsRequestDecided;
import org.brokerhandoff.event.RightsRequested;
import org.brokerhandoff.event.Undeliverable;
import org.brokerhandoff.schemas.EventCodec;
import org.brokerhandoff.schemas.SignupIds;
import org.brokerhandoff.schemas.Topic;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads from the log which custody slots were purged, which signups' keys are no longer needed, and which signups are restricted. */
public final class PurgedSlots {
    /**
     * Receives the log's content.
     *
     * @param purged each purge
     * @param ended each end, with the reason that its purge gives
     * @param erasureRequested each signup with a request for erasure; whether the log has its withdrawal is independent
     * @param restricted each signup with a request for restriction, or an objection, that was not refused
     */
    public record Handler(
            Purge purged,
            BiConsumer<UUID, PurgeReason> ended,
            Consumer<UUID> erasureRequested,
            Consumer<UUID> restricted) {
        /** Receives each purge. */
        public interface Purge {
            /** This use of the slot was purged. */
            void purged(UUID signupId, int slot, int generation);
        }
    }

    /** The topics with this information. */
    static final List<Topic> TOPICS = List.of(Topic.CONSENTS, Topic.HANDOFFS, Topic.PURGES);

    private static final Logger LOG = LoggerFactory.getLogger(PurgedSlots.class);

    private PurgedSlots() {}

    /**
     * Reports every purge, and the end ({@code Delivered}, {@code Undeliverable}, {@code ConsentWithdrawn}) of each of {@code signups} that
     * was appended at its given time or later, and after the mark, up to the current end; blocks. A purge that follows an end may be missed
     * only if the end is: purges are read last. Restrictions are reported last, since a refusal that ends one comes later.
     *
     * <p>Only partitions with one of {@code signups} are read, and events about other signups are skipped by their key: for these the cost is
     * fetching and a look at the key.
     *
     * @param signups those to report, with their start times
     * @param mark an encoded {@link LogMark}; invalid ones are ignored
     * @return number of events examined
     * @throws org.apache.kafka.common.KafkaException if the log cannot be read
     * @throws UnknownSchema if a newer version has recorded an unknown event, possibly a purge
     */
    public static long since(
            KafkaClients clients,
            EventCodec codec,
            String clientId,
            Map<UUID, Instant> signups,
            Optional<byte[]> mark,
            Handler handler) {
        Telling telling = new Telling(handler);
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
                        received -> UnknownSchema.known(received).ifPresent(event -> telling.take(event.event())));
            }
            events = reader.eventsRead();
        }
        telling.tellOfRestrictions();
        LOG.info(
                "comparing the slots of {} signups with {} events of {} partitions, from {} on",
                signups.size(),
                events,
                partitions.size(),
                known.map(LogMark::at).map(Instant::toString).orElse("the earliest reception"));
        return events;
    }

    /** What is reported at once, and what must wait for the end of the log. */
    private static final class Telling {
        private final Handler handler;
        /** Signups by the requests that restrict them. */
        private final Map<RandomId, UUID> restricting = new HashMap<>();
        /** Kept separately: a request that is published again after its refusal must not return. */
        private final Set<RandomId> refused = new HashSet<>();

        Telling(Handler handler) {
            this.handler = handler;
        }

        void take(SpecificRecord event) {
            if (event instanceof Purged purged) {
                handler.purged().purged(SignupIds.uuid(purged.getSignupId()), purged.getSlot(), purged.getGeneration());
            } else if (event instanceof Delivered delivered) {
                handler.ended().accept(SignupIds.uuid(delivered.getSignupId()), PurgeReason.DELIVERED);
            } else if (event instanceof Undeliverable undeliverable) {
                handler.ended().accept(SignupIds.uuid(undeliverable.getSignupId()), PurgeReason.UNDELIVERABLE);
            } else if (event instanceof ConsentWithdrawn withdrawn) {
                handler.ended().accept(SignupIds.uuid(withdrawn.getSignupId()), PurgeReason.WITHDRAWN);
            } else if (event instanceof RightsRequested requested) {
                take(requested);
            } else if (event instanceof RightsRequestDecided decided
                    && decided.getDecision() == RequestDecision.REFUSED) {
                refused.add(decided.getRequestId());
            }
        }

        private void take(RightsRequested requested) {
            UUID signupId = SignupIds.uuid(requested.getSignupId());
            switch (requested.getType()) {
                case ERASURE -> handler.erasureRequested().accept(signupId);
                case RESTRICTION, OBJECTION -> restricting.put(requested.getRequestId(), signupId);
                case ACCESS, RECTIFICATION, PORTABILITY -> {
                    // Custody does not depend on them.
                }
            }
        }

        void tellOfRestrictions() {
            restricting.keySet().removeAll(refused);
            Set.copyOf(restricting.values()).forEach(handler.restricted());
        }
    }
}
