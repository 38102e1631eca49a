package org.brokerhandoff.router.purge;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import org.brokerhandoff.event.RecordEnd;

/**
 * Which records of one partition are finished. The prefix that is finished and accounted for in the
 * log may be committed and cut; anything finished after it has to wait.
 *
 * <p>Holds unfinished offsets and those that are not accounted for, so its size is that of the work in flight and of what was
 * finished behind it. Thread-safe.
 */
public final class CompletionTracker {
    /** Ids of so many records stay well below the size of a Kafka message. */
    static final int LARGEST_ACCOUNT = 10_000;

    private final TreeSet<Long> unfinished = new TreeSet<>();
    private final NavigableMap<Long, Finish> finished = new TreeMap<>();
    private long next;
    private long accounted;
    private long lastSignup;
    private volatile Runnable prefixGrew = () -> {};

    /**
     * A tracker for a partition whose next record to be consumed is {@code next}. What stands before it was finished, and accounted
     * for, by the router that had the partition before, and may hold signups that were not cut, or whose cut a dying broker has undone; so
     * it counts as one.
     */
    public CompletionTracker(long next) {
        this.next = next;
        this.accounted = next;
        this.lastSignup = next - 1;
    }

    /** A record was consumed; offsets come in rising order, with gaps where Kafka has none. */
    public synchronized void begin(long offset) {
        unfinished.add(offset);
        next = Math.max(next, offset + 1);
    }

    /** A record is finished. */
    public void complete(long offset, Finish finish) {
        boolean grew;
        synchronized (this) {
            grew = !unfinished.isEmpty() && unfinished.first() == offset;
            if (unfinished.remove(offset)) {
                finished.put(offset, finish);
            }
        }
        if (grew) {
            prefixGrew.run();
        }
    }

    /** Has {@code news} run when more may be cut than before, by whichever thread finishes a record: it must not block. */
    void whenPrefixGrows(Runnable news) {
        prefixGrew = news;
    }

    /** What is finished and accounted for now. */
    public synchronized Completed completed() {
        return new Completed(accounted, lastSignup);
    }

    /**
     * What is finished, with nothing unfinished before it, and has to be accounted for next; empty if there is nothing. Ends where Kafka has
     * a gap: what stood there is not known.
     */
    public synchronized Optional<Account> unaccounted() {
        List<Finish> finishes = new ArrayList<>();
        long first = -1;
        for (Map.Entry<Long, Finish> entry : finished.headMap(prefix()).entrySet()) {
            if (first < 0) {
                first = entry.getKey();
            } else if (entry.getKey() != first + finishes.size() || finishes.size() == LARGEST_ACCOUNT) {
                break;
            }
            finishes.add(entry.getValue());
        }
        return finishes.isEmpty() ? Optional.empty() : Optional.of(new Account(first, finishes));
    }

    /** The log has acknowledged {@code account}, which this tracker gave. */
    public synchronized void accounted(Account account) {
        NavigableMap<Long, Finish> passed = finished.headMap(account.endOffset(), false);
        passed.forEach((offset, finish) -> {
            if (finish.end() != RecordEnd.MARKER) {
                lastSignup = Math.max(lastSignup, offset);
            }
        });
        passed.clear();
        accounted = Math.max(accounted, account.endOffset());
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
     * How a record was finished.
     *
     * @param end how
     * @param signup whose record it was, if it is told of by name
     */
    public record Finish(RecordEnd end, Optional<UUID> signup) {
        /** It held no person's data. */
        public static final Finish MARKER = new Finish(RecordEnd.MARKER, Optional.empty());
        /** It could not be processed, and a copy was set aside. */
        public static final Finish SET_ASIDE = new Finish(RecordEnd.SET_ASIDE, Optional.empty());
        /** It was a parked copy, and a later one continues it. */
        public static final Finish COPY_MOVED_ON = new Finish(RecordEnd.MOVED_ON, Optional.empty());

        /** The key of {@code signup} is destroyed. */
        public static Finish ended(UUID signup) {
            return new Finish(RecordEnd.ENDED, Optional.of(signup));
        }

        /** {@code signup} is parked. */
        public static Finish movedOn(UUID signup) {
            return new Finish(RecordEnd.MOVED_ON, Optional.of(signup));
        }
    }

    /**
     * Records that were finished, one after the other.
     *
     * @param firstOffset offset of the first
     * @param finishes how each was finished
     */
    public record Account(long firstOffset, List<Finish> finishes) {
        /** Copies the list. */
        public Account {
            finishes = List.copyOf(finishes);
        }

        /** The offset after the last. */
        public long endOffset() {
            return firstOffset + finishes.size();
        }
    }

    /**
     * What is finished of a partition.
     *
     * @param prefix first offset that is not finished, or not accounted for
     * @param lastSignup highest offset before {@code prefix} that held, or may have held, a sealed signup; -1 if none
     */
    public record Completed(long prefix, long lastSignup) {}
}
