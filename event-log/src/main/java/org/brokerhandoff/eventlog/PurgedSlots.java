package org.brokerhandoff.eventlog;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.function.BiConsumer;
import org.apache.avro.specific.SpecificRecord;
import org.brokerhandoff.event.ConsentWithdrawn;
import org.brokerhandoff.event.Delivered;
import org.brokerhandoff.event.PurgeReason;
import org.brokerhandoff.event.Purged;
import org.brokerhandoff.event.Undeliverable;
import org.brokerhandoff.schemas.EventCodec;
import org.brokerhandoff.schemas.SignupIds;
import org.brokerhandoff.schemas.Topic;

/** Reads from the log which custody slots were purged, and which signups' keys nobody needs any more. */
public final class PurgedSlots {
    /** Told of each purge. */
    public interface Handler {
        /** This use of the slot was purged. */
        void purged(UUID signupId, int slot, int generation);
    }

    private PurgedSlots() {}

    /**
     * Tells of every purge, and of every signup's end ({@code Delivered}, {@code Undeliverable}, {@code ConsentWithdrawn}),
     * that was appended at {@code from} or later, up to the end as it is now; blocks. A purge that follows an end may be
     * missed only where the end is: purges are read last.
     *
     * @param ended told of each end with the reason that its purge gives
     * @throws org.apache.kafka.common.KafkaException if the log cannot be read
     * @throws UnknownSchema if a newer version has recorded something, which may be a purge
     */
    public static void since(
            KafkaClients clients,
            EventCodec codec,
            String clientId,
            Instant from,
            Handler handler,
            BiConsumer<UUID, PurgeReason> ended) {
        try (EventReader reader = new EventReader(clients, codec, clientId)) {
            for (Topic topic : List.of(Topic.CONSENTS, Topic.HANDOFFS, Topic.PURGES)) {
                for (int partition = 0; partition < clients.settings().partitions(); partition++) {
                    reader.readSince(topic, partition, from, received -> {
                        UnknownSchema.known(received).ifPresent(known -> tell(known.event(), handler, ended));
                    });
                }
            }
        }
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
