package org.brokerhandoff.schemas;

import java.nio.ByteBuffer;
import java.util.UUID;
import org.brokerhandoff.event.SignupId;

/** Conversions between the three forms of a signup id: {@link UUID}, the Avro fixed, and the 16 key bytes of a record. */
public final class SignupIds {
    /** Length of a signup id in bytes. */
    public static final int LENGTH_BYTES = 16;

    private SignupIds() {}

    /** The Avro form of {@code id}. */
    public static SignupId fixed(UUID id) {
        return new SignupId(bytes(id));
    }

    /** The record key of {@code id}: 16 bytes, big-endian. */
    public static byte[] bytes(UUID id) {
        return ByteBuffer.allocate(LENGTH_BYTES)
                .putLong(id.getMostSignificantBits())
                .putLong(id.getLeastSignificantBits())
                .array();
    }

    /** The id that the Avro form stands for. */
    public static UUID uuid(SignupId fixed) {
        return uuid(fixed.bytes());
    }

    /**
     * The id that a record key stands for.
     *
     * @throws IllegalArgumentException if {@code bytes} is not 16 bytes long
     */
    public static UUID uuid(byte[] bytes) {
        if (bytes.length != LENGTH_BYTES) {
            throw new IllegalArgumentException("a signup id has 16 bytes, not " + bytes.length);
        }
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        return new UUID(buffer.getLong(), buffer.getLong());
    }
}
