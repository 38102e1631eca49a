package org.brokerhandoff.custody;

import java.util.Optional;

/**
 * Where the newest copy of a sealed signup is in the log.
 *
 * @param parked whether in {@code signups-parked}, otherwise in {@code signups}
 * @param partition 0 to 32767, which is all that Kafka has
 * @param offset 0 to 2^48-2
 */
public record LogPosition(boolean parked, int partition, long offset) {
    private static final int MAXIMUM_PARTITION = 32_767;
    private static final int PARKED = 1 << 15;
    private static final long MAXIMUM_OFFSET = (1L << 48) - 2;
    /** No position: the value in a slot until one is recorded. */
    static final long NONE = -1L;

    public LogPosition {
        if (partition < 0 || partition > MAXIMUM_PARTITION) {
            throw new IllegalArgumentException("partition " + partition + " is not within 0..32767");
        }
        if (offset < 0 || offset > MAXIMUM_OFFSET) {
            throw new IllegalArgumentException("offset " + offset + " is not within 0..2^48-2");
        }
    }

    /** A position in {@code signups}. */
    public static LogPosition inSignups(int partition, long offset) {
        return new LogPosition(false, partition, offset);
    }

    /** A position in {@code signups-parked}. */
    public static LogPosition inParked(int partition, long offset) {
        return new LogPosition(true, partition, offset);
    }

    /** Whether this copy was written after {@code other}, a copy of the same signup: a signup never leaves the parked topic again. */
    public boolean isNewerThan(LogPosition other) {
        return parked == other.parked ? offset > other.offset : parked;
    }

    long encoded() {
        return (long) (partition | (parked ? PARKED : 0)) << 48 | offset;
    }

    /** Empty for {@link #NONE}, and for what a damaged slot may hold. */
    static Optional<LogPosition> decoded(long encoded) {
        int head = (int) (encoded >>> 48);
        long offset = encoded & 0xFFFF_FFFF_FFFFL;
        return offset > MAXIMUM_OFFSET
                ? Optional.empty()
                : Optional.of(new LogPosition((head & PARKED) != 0, head & MAXIMUM_PARTITION, offset));
    }
}
