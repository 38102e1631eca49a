package org.brokerhandoff.bench.memory;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Byte patterns that are searched for at once: a window of eight bytes slides over the data, and where it equals the beginning of a
 * pattern, the rest is compared. Exact, one pass, some hundred MB a second.
 */
public final class Patterns {
    static final int WINDOW_BYTES = 8;
    private static final int FILTER_BITS = 22;

    private final long[] filter = new long[1 << (FILTER_BITS - 6)];
    private final Map<Long, List<Pattern>> byWindow = new HashMap<>();
    private int longest = WINDOW_BYTES;

    /**
     * One pattern.
     *
     * @param subject what it belongs to; several patterns may belong to one subject
     * @param form in which form it writes the subject
     */
    @SuppressWarnings("ArrayRecordComponent") // compared by identity only
    private record Pattern(Subject subject, String form, byte[] bytes) {}

    /** Is told of every place at which a pattern stands. */
    @FunctionalInterface
    interface Found {
        void at(int offset, Subject subject, String form);
    }

    /**
     * Adds a pattern; one of fewer than eight bytes would not be telling and is refused.
     *
     * @throws IllegalArgumentException if it is shorter than eight bytes
     */
    public void add(Subject subject, String form, byte[] bytes) {
        if (bytes.length < WINDOW_BYTES) {
            throw new IllegalArgumentException("a pattern has at least " + WINDOW_BYTES + " bytes");
        }
        long window = window(bytes, 0);
        byWindow.computeIfAbsent(window, key -> new ArrayList<>(1)).add(new Pattern(subject, form, bytes.clone()));
        int hash = hash(window);
        filter[hash >>> 6] |= 1L << hash;
        longest = Math.max(longest, bytes.length);
    }

    /** Length of the longest pattern in bytes: what neighbouring pieces of data must overlap by, less one. */
    int longest() {
        return longest;
    }

    /** Tells of every pattern that begins in the first {@code starts} bytes and ends within the first {@code length}. */
    void find(byte[] data, int length, int starts, Found found) {
        if (length < WINDOW_BYTES) {
            return;
        }
        long window = window(data, 0);
        int last = Math.min(starts - 1, length - WINDOW_BYTES);
        for (int at = 0; at <= last; at++) {
            int hash = hash(window);
            if ((filter[hash >>> 6] & (1L << hash)) != 0) {
                for (Pattern pattern : byWindow.getOrDefault(window, List.of())) {
                    int end = at + pattern.bytes().length;
                    if (end <= length && Arrays.equals(pattern.bytes(), 0, pattern.bytes().length, data, at, end)) {
                        found.at(at, pattern.subject(), pattern.form());
                    }
                }
            }
            if (at + WINDOW_BYTES < length) {
                window = (window << 8) | (data[at + WINDOW_BYTES] & 0xFF);
            }
        }
    }

    private static long window(byte[] data, int at) {
        long window = 0;
        for (int i = 0; i < WINDOW_BYTES; i++) {
            window = (window << 8) | (data[at + i] & 0xFF);
        }
        return window;
    }

    private static int hash(long window) {
        return (int) ((window * 0x9E3779B97F4A7C15L) >>> (64 - FILTER_BITS));
    }
}
