package org.brokerhandoff.custody.preflight;

import java.util.List;

/**
 * A swap area in use.
 *
 * @param name device or file
 * @param kind where its pages end up
 */
public record SwapArea(String name, Kind kind) {
    /** Where swapped pages end up. */
    public enum Kind {
        /** Compressed in memory (zram without a backing device). */
        MEMORY,
        /** On a dm-crypt device. */
        ENCRYPTED,
        /** In clear on a device, or in a file. */
        DISK
    }

    /** The names in the text of {@code /proc/swaps}: the first word of each line but the first. */
    static List<String> names(String swaps) {
        return swaps.lines()
                .skip(1)
                .filter(line -> !line.isBlank())
                .map(line -> line.split("\\s+", 2)[0])
                .toList();
    }
}
