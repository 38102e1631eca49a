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
    private long lastSignup;

    /**
     * A tracker for a partition whose next record to be consumed is {@code next}. What stands before it was finished by whoever had
     * the partition before, and may hold signups that were not cut, or whose cut a dying broker has undone; so it counts as one.
     */
    public CompletionTracker(long next) {
        this.next = next;
        this.lastSignup = next - 1;
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

    /** What is finished now. */
    public synchronized Completed completed() {
        return new Completed(prefix(), lastSignup);
    }

    /** The offset after the last record consumed. */
    public synchronized long consumed() {
        return next;
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
     * @param lastSignup highest offset before {@code prefix} that held, or may have held, a sealed signup; -1 if none
     */
    public record Completed(long prefix, long lastSignup) {}
}
