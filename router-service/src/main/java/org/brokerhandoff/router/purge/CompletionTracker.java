package org.brokerhandoff.router.purge;

import java.util.TreeSet;

/**
 * Which records of one partition are finished. The completed prefix is both what may be committed and what may be cut: everything
 * before it is done, whatever is done after it has to wait.
 *
 * <p>Holds only unfinished offsets, so its size is that of the work in flight. Thread-safe.
 */
public final class CompletionTracker {
    private final TreeSet<Long> unfinished = new TreeSet<>();
    private final TreeSet<Long> finishedSignupsAhead = new TreeSet<>();
    private long next;
    private long lastSignup = -1;

    /** A tracker for a partition whose next record to be consumed is {@code next}. */
    public CompletionTracker(long next) {
        this.next = next;
    }

    /** A record was consumed; offsets come in rising order, with gaps where Kafka has none. */
    public synchronized void begin(long offset) {
        unfinished.add(offset);
        next = Math.max(next, offset + 1);
    }

    /**
     * A record is finished.
     *
     * @param signup whether it held a sealed signup, so that there is something to cut
     */
    public synchronized void complete(long offset, boolean signup) {
        if (!unfinished.remove(offset)) {
            return;
        }
        if (signup) {
            finishedSignupsAhead.add(offset);
        }
        long prefix = prefix();
        Long passed = finishedSignupsAhead.lower(prefix);
        if (passed != null) {
            lastSignup = Math.max(lastSignup, passed);
            finishedSignupsAhead.headSet(prefix).clear();
        }
    }

    /**
     * A sealed signup is known to have been finished before this tracker began, perhaps without having been cut.
     *
     * @param offset its offset; ignored if this tracker has still to see it
     */
    public synchronized void finishedEarlier(long offset) {
        if (offset < prefix()) {
            lastSignup = Math.max(lastSignup, offset);
        }
    }

    /** What is finished now. */
    public synchronized Completed completed() {
        return new Completed(prefix(), lastSignup);
    }

    /** Number of records consumed and not finished. */
    public synchronized int inFlight() {
        return unfinished.size();
    }

    private long prefix() {
        return unfinished.isEmpty() ? next : unfinished.first();
    }

    /**
     * What is finished of a partition.
     *
     * @param prefix first offset that is not finished
     * @param lastSignup highest offset of a sealed signup before {@code prefix} that this tracker saw, -1 if none
     */
    public record Completed(long prefix, long lastSignup) {}
}
