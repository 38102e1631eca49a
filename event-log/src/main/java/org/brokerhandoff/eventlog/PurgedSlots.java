package org.brokerhandoff.eventlog;

import java.time.Instant;
import java.util.UUID;
import org.brokerhandoff.event.Purged;
import org.brokerhandoff.schemas.Decoded;
import org.brokerhandoff.schemas.EventCodec;
import org.brokerhandoff.schemas.SignupIds;
import org.brokerhandoff.schemas.Topic;

/** Reads from the log which custody slots were purged. */
public final class PurgedSlots {
    /** Told of each purge. */
    public interface Handler {
        /** This use of the slot was purged. */
        void purged(UUID signupId, int slot, int generation);
    }

    private PurgedSlots() {}

    /**
     * Tells of every purge that was appended at {@code from} or later, up to the end as it is now; blocks.
     *
     * @throws org.apache.kafka.common.KafkaException if the log cannot be read
     */
    public static void since(KafkaClients clients, EventCodec codec, String clientId, Instant from, Handler handler) {
        try (EventReader reader = new EventReader(clients, codec, clientId)) {
            for (int partition = 0; partition < clients.settings().partitions(); partition++) {
                reader.readSince(Topic.PURGES, partition, from, received -> {
                    if (received.decoded() instanceof Decoded.Event known && known.event() instanceof Purged purged) {
                        handler.purged(SignupIds.uuid(purged.getSignupId()), purged.getSlot(), purged.getGeneration());
                    }
                });
            }
        }
    }
}
