package org.brokerhandoff.bench.memory;

import org.brokerhandoff.audit.search.BytePatterns;

/** Search patterns for memory: byte patterns, each of a subject. */
public final class Patterns {
    static final int WINDOW_BYTES = BytePatterns.WINDOW_BYTES;

    private final BytePatterns<Pattern> patterns = new BytePatterns<>();

    /**
     * One pattern.
     *
     * @param subject its subject; several patterns may belong to one subject
     * @param form the form in which it encodes the subject
     */
    private record Pattern(Subject subject, String form) {}

    /** Receives every occurrence of a pattern. */
    @FunctionalInterface
    interface Found {
        void at(int offset, Subject subject, String form);
    }

    /**
     * Adds a pattern; one of fewer than eight bytes would cause false positives and is refused.
     *
     * @throws IllegalArgumentException if it is shorter than eight bytes
     */
    public void add(Subject subject, String form, byte[] bytes) {
        patterns.add(new Pattern(subject, form), bytes);
    }

    /** Length of the longest pattern in bytes: adjacent chunks of data must overlap by this, less one. */
    int longest() {
        return patterns.longest();
    }

    /** Reports every pattern that begins in the first {@code starts} bytes and ends within the first {@code length}. */
    void find(byte[] data, int length, int starts, Found found) {
        patterns.find(
                data, length, 0, starts, (offset, pattern) -> found.at(offset, pattern.subject(), pattern.form()));
    }
}
