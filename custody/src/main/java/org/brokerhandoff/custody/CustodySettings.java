package org.brokerhandoff.custody;

import java.nio.file.Path;

/**
 * Where the slot file is and how large it may get.
 *
 * @param file the slot file; created if it is not there
 * @param initialSlots slots that the file has at least once it is open; rounded up to a power of two from 32 to 8192, it is
 *     also the chunk by which a file created now will grow
 * @param maximumSlots slots this process uses at most; a process with a larger figure may have made the file larger
 */
public record CustodySettings(Path file, int initialSlots, int maximumSlots) {
    /** More would be a file of 8 GiB; the figure guards against a slip in the configuration. */
    private static final int LIMIT = 1 << 26;

    public CustodySettings {
        if (initialSlots < 1 || maximumSlots < initialSlots || maximumSlots > LIMIT) {
            throw new IllegalArgumentException(
                    "need 1 <= initialSlots (" + initialSlots + ") <= maximumSlots (" + maximumSlots + ") <= " + LIMIT);
        }
    }
}
