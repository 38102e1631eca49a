package org.brokerhandoff.router;

/** Faults at random moments: {@code mvn verify} tries few of them, {@code mvn verify -Plong} many. */
public final class LongRuns {
    private LongRuns() {}

    /** How often something is tried. */
    public static int instead(int usually, int inLongRuns) {
        return Boolean.getBoolean("handoff.test.long") ? inLongRuns : usually;
    }
}
