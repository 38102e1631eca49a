package org.brokerhandoff.custody;

import java.util.Optional;

/**
 * Where a sealed signup stands in the {@code signups} topic.
 *
 * @param partition 0 to 65534
 * @param offset 0 to 2^48-2
 */
public record LogPosition(int partition, long offset) {
    private static final int MAXIMUM_PARTITION = 65_534;
    private static final long MAXIMUM_OFFSET = (1L << 48) - 2;
    /** No position: what a slot holds until it is told. */
    static final long NONE = -1L;

    public LogPosition {
        if (partition < 0 || partition > MAXIMUM_PARTITION) {
            throw new IllegalArgumentException("partition " + partition + " is not within 0..65534");
        }
        if (offset < 0 || offset > MAXIMUM_OFFSET) {
            throw new IllegalArgumentException("offset " + offset + " is not within 0..2^48-2");
        }
    }

    long encoded() {
        return (long) partition << 48 | offset;
    }

    /** Empty for {@link #NONE}, and for what a damaged slot may hold. */
    static Optional<LogPosition> decoded(long encoded) {
        int partition = (int) (encoded >>> 48);
        long offset = encoded & 0xFFFF_FFFF_FFFFL;
        return partition > MAXIMUM_PARTITION || offset > MAXIMUM_OFFSET
                ? Optional.empty()
                : Optional.of(new LogPosition(partition, offset));
    }
}
