package org.brokerhandoff.custody;

import java.nio.file.Path;
import java.time.Duration;

/**
 * Where the slot file is and how large it may get.
 *
 * @param file the slot file; created if missing
 * @param initialSlots slots that the file has at least once it is open; rounded up to a power of two from 32 to 8192, it is
 *     also the chunk by which a file created now will grow
 * @param maximumSlots slots this process uses at most; a process with a larger figure may have made the file larger
 * @param epochInterval age at which an epoch key is replaced
 * @param gathering how long a change waits for others before it is synced with them
 */
public record CustodySettings(
        Path file, int initialSlots, int maximumSlots, Duration epochInterval, Duration gathering) {
    /** Default lifetime of an epoch key. */
    public static final Duration DEFAULT_EPOCH_INTERVAL = Duration.ofHours(1);

    /** Of a service: at 500 changes a second, two or three share a sync, and all that follows from it. */
    public static final Duration SERVICE_GATHERING = Duration.ofMillis(3);

    /** More would be a file of 8 GiB; the limit guards against a configuration mistake. */
    private static final int LIMIT = 1 << 26;

    public CustodySettings {
        if (initialSlots < 1 || maximumSlots < initialSlots || maximumSlots > LIMIT) {
            throw new IllegalArgumentException(
                    "need 1 <= initialSlots (" + initialSlots + ") <= maximumSlots (" + maximumSlots + ") <= " + LIMIT);
        }
        if (epochInterval.isZero() || epochInterval.isNegative()) {
            throw new IllegalArgumentException("an epoch of " + epochInterval);
        }
        if (gathering.isNegative()) {
            throw new IllegalArgumentException("gathering for " + gathering);
        }
    }

    /** With epochs of {@link #DEFAULT_EPOCH_INTERVAL}, where each change is synced at once. */
    public CustodySettings(Path file, int initialSlots, int maximumSlots) {
        this(file, initialSlots, maximumSlots, DEFAULT_EPOCH_INTERVAL, Duration.ZERO);
    }
}
