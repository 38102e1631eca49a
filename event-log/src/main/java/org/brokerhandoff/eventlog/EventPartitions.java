package org.brokerhandoff.eventlog;

import java.util.UUID;
import org.apache.kafka.common.utils.Utils;
import org.brokerhandoff.schemas.SignupIds;

/**
 * The partition of a signup. The same function as Kafka's default partitioner (murmur2 of the key), reimplemented because readers have to
 * know the partition without producing: a signup has the same partition number in every topic.
 */
public final class EventPartitions {
    private EventPartitions() {}

    /** The partition of {@code signupId} among {@code partitions}. */
    public static int of(UUID signupId, int partitions) {
        return of(SignupIds.bytes(signupId), partitions);
    }

    /** The partition of a record key among {@code partitions}. */
    public static int of(byte[] key, int partitions) {
        return Utils.toPositive(Utils.murmur2(key)) % partitions;
    }
}
