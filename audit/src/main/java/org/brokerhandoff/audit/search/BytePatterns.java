package org.brokerhandoff.audit.search;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Searches for several byte patterns at once: a window of eight bytes slides over the data, and where it equals the start of a pattern, the
 * rest is compared. Exact, one pass, some hundred MB a second.
 *
 * @param <T> label of a pattern
 */
public final class BytePatterns<T> {
    /** Minimum length of a pattern; a shorter one would cause false positives. */
    public static final int WINDOW_BYTES = 8;

    private static final int FILTER_BITS = 22;

    private final long[] filter = new long[1 << (FILTER_BITS - 6)];
    private final Map<Long, List<Pattern<T>>> byWindow = new HashMap<>();
    private int longest = WINDOW_BYTES;

    @SuppressWarnings("ArrayRecordComponent") // compared by identity only
    private record Pattern<T>(T meaning, byte[] bytes) {}

    /** Receives every occurrence of a pattern. */
    @FunctionalInterface
    public interface Found<T> {
        /** A pattern begins at {@code offset}. */
        void at(int offset, T meaning);
    }

    /**
     * Adds a pattern.
     *
     * @throws IllegalArgumentException if it is shorter than eight bytes
     */
    public void add(T meaning, byte[] bytes) {
        if (bytes.length < WINDOW_BYTES) {
            throw new IllegalArgumentException("a pattern has at least " + WINDOW_BYTES + " bytes");
        }
        long window = window(bytes, 0);
        byWindow.computeIfAbsent(window, key -> new ArrayList<>(1)).add(new Pattern<>(meaning, bytes.clone()));
        int hash = hash(window);
        filter[hash >>> 6] |= 1L << hash;
        longest = Math.max(longest, bytes.length);
    }

    /** Length of the longest pattern in bytes: adjacent chunks of data must overlap by this, less one. */
    public int longest() {
        return longest;
    }

    /** Reports every pattern that begins in {@code from} to {@code until}, exclusive, and ends within the first {@code length} bytes. */
    public void find(byte[] data, int length, int from, int until, Found<? super T> found) {
        int last = Math.min(until - 1, length - WINDOW_BYTES);
        if (from > last) {
            return;
        }
        long window = window(data, from);
        for (int at = from; at <= last; at++) {
            int hash = hash(window);
            if ((filter[hash >>> 6] & (1L << hash)) != 0) {
                for (Pattern<T> pattern : byWindow.getOrDefault(window, List.of())) {
                    int end = at + pattern.bytes().length;
                    if (end <= length && Arrays.equals(pattern.bytes(), 0, pattern.bytes().length, data, at, end)) {
                        found.at(at, pattern.meaning());
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
