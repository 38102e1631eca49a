package org.brokerhandoff.audit.verify;

/**
 * What two times in the log prove about an order, if taken by different processes.
 *
 * <p>Ingest and routers share a host, and each has its trusted time (see {@code docs/custody.md}). These differ: by up to 35 ms while a wall
 * clock is followed, a tenth at each of four looks a second, on a boot clock that is read in steps of 10 ms; by up to 10 s after a small
 * step, which a process still takes for agreement; and by the age of the mark that is left after a power cut, half a minute, against times
 * from before it. Rules use an order that is independent of clocks (an offset, custody's number of an attempt) where possible.
 */
public final class ProcessClocks {
    /** Maximum skew between the clocks of two processes, or of one before and after a power cut. */
    public static final long MOST_APART_MILLIS = 60_000;

    /**
     * How long a process, or its host, may have been suspended with an event in transit: a record written before and appended after is that
     * much older than what others appended meanwhile.
     */
    static final long LONGEST_STOP_MILLIS = 15 * 60_000;

    private ProcessClocks() {}

    /** Whether {@code earlier} was certainly before {@code later}, whichever processes took these times. */
    static boolean certainlyBefore(long earlierMillis, long laterMillis) {
        return earlierMillis + MOST_APART_MILLIS < laterMillis;
    }
}
