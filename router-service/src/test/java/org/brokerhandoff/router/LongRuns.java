package org.brokerhandoff.router;

/** Faults at random moments: a build tries few of them, and many with {@code -Plong}. */
public final class LongRuns {
    private LongRuns() {}

    /** How often something is tried. */
    public static int instead(int usually, int inLongRuns) {
        return Boolean.getBoolean("handoff.test.long") ? inLongRuns : usually;
    }
}
