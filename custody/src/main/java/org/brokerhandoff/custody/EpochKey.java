package org.brokerhandoff.custody;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;

/**
 * The key of an epoch and where it is in the keyset file.
 *
 * <p>Its bytes there are the number of the epoch (4, then 4 zero), the time it was made (8, ms since 1970), the key (32), and the CRC32C of
 * these (4): the checksum is written together with the key, and reveals a torn write.
 */
record EpochKey(int block, int epoch, Instant createdAt, DataKey key) {
    static final int BYTES = 56;

    private static final int CREATED_AT = 8;
    private static final int KEY = 16;
    private static final int CHECKSUM = 48;

    /** For the caller to overwrite. */
    byte[] encoded() {
        ByteBuffer bytes = ByteBuffer.allocate(BYTES).order(ByteOrder.nativeOrder());
        byte[] clear = key.getEncoded();
        bytes.putInt(0, epoch).putLong(CREATED_AT, createdAt.toEpochMilli()).put(KEY, clear);
        Arrays.fill(clear, (byte) 0);
        return bytes.putInt(CHECKSUM, Crc32c.of(bytes.array(), CHECKSUM)).array();
    }

    /** Empty if the block is, or if a crash cut its last write short: of a key that was not in use yet, or no longer. */
    static Optional<EpochKey> decoded(int block, byte[] bytes) {
        ByteBuffer fields = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
        int epoch = fields.getInt(0);
        if (epoch < 1 || fields.getInt(CHECKSUM) != Crc32c.of(bytes, CHECKSUM)) {
            return Optional.empty();
        }
        DataKey key = DataKey.takeOver(Arrays.copyOfRange(bytes, KEY, KEY + DataKey.LENGTH_BYTES));
        return Optional.of(new EpochKey(block, epoch, Instant.ofEpochMilli(fields.getLong(CREATED_AT)), key));
    }

    /** Whether the other one would be written as the same bytes at the same place. */
    boolean sameBytes(EpochKey other) {
        if (block != other.block || epoch != other.epoch || !createdAt.equals(other.createdAt)) {
            return false;
        }
        byte[] own = key.getEncoded();
        byte[] others = other.key.getEncoded();
        try {
            return Arrays.equals(own, others);
        } finally {
            Arrays.fill(own, (byte) 0);
            Arrays.fill(others, (byte) 0);
        }
    }
}
