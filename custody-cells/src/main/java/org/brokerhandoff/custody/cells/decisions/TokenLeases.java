package org.brokerhandoff.custody.cells.decisions;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.brokerhandoff.custody.CustodyException;
import org.brokerhandoff.custody.FencingToken;
import org.brokerhandoff.custody.owners.LeaseHolder;
import org.brokerhandoff.custody.owners.LeaseOutcome;
import org.brokerhandoff.custody.owners.PartitionLease;
import org.brokerhandoff.custody.owners.PartitionLeases;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Leases by tokens in the database, asked for and prolonged on a thread of its own. A lease counts as held for its time from before it was asked for
 * or last prolonged, by this process's monotonic clock: so it has ended here before another process can have it. Where it has not, since
 * the process was stopped between its last look and what it did, the token is refused.
 */
public final class TokenLeases implements PartitionLeases {
    /** As long as Kafka takes to give the partitions of a dead router to another. */
    public static final Duration LEASE = Duration.ofSeconds(12);

    private static final Logger LOG = LoggerFactory.getLogger(TokenLeases.class);
    private static final int PROLONGATIONS_PER_LEASE = 5;
    private static final Duration PAUSE = Duration.ofMillis(300);
    private static final Duration END_LIMIT = Duration.ofSeconds(10);

    private final PartitionTokens tokens;
    private final int partitions;
    private final Duration time;
    /** Guarded by this, as the next three. */
    private final Set<Integer> wanted = new TreeSet<>();
    /** Acquired, and not taken yet. */
    private final Map<Integer, TokenLease> ready = new HashMap<>();

    private final Map<Integer, TokenLease> given = new HashMap<>();
    private final SortedMap<Integer, LeaseHolder> waiting = new TreeMap<>();
    private boolean failing; // on the thread only

    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread made = new Thread(task, "custody-leases");
        made.setDaemon(true);
        return made;
    });

    private TokenLeases(PartitionTokens tokens, int partitions, Duration time) {
        this.tokens = tokens;
        this.partitions = partitions;
        this.time = time;
    }

    /**
     * Leases of {@code tokens}.
     *
     * @param partitions how many there are
     * @param time how long one lasts that is not prolonged, because its process died or does not reach the database
     */
    public static TokenLeases start(PartitionTokens tokens, int partitions, Duration time) {
        TokenLeases leases = new TokenLeases(tokens, partitions, time);
        long period = time.dividedBy(PROLONGATIONS_PER_LEASE).toMillis();
        var unused = leases.thread.scheduleWithFixedDelay(leases::prolong, period, period, TimeUnit.MILLISECONDS);
        var unusedToo = leases.thread.scheduleWithFixedDelay(
                leases::acquire, PAUSE.toMillis(), PAUSE.toMillis(), TimeUnit.MILLISECONDS);
        return leases;
    }

    /** The first time for a partition it is refused: the database is asked meanwhile. */
    @Override
    public synchronized LeaseOutcome tryAcquire(int partition) {
        if (partition < 0 || partition >= partitions) {
            throw new IllegalArgumentException("partition " + partition + " of " + partitions);
        }
        if (thread.isShutdown()) {
            throw new CustodyException("the leases are closed");
        }
        if (given.containsKey(partition)) {
            return new LeaseOutcome.Refused(new LeaseHolder.ThisProcess());
        }
        TokenLease lease = ready.remove(partition);
        if (lease != null && lease.held()) {
            given.put(partition, lease);
            return new LeaseOutcome.Acquired(lease);
        }
        if (wanted.add(partition)) {
            thread.execute(this::acquire);
        }
        return new LeaseOutcome.Refused(waiting.getOrDefault(partition, new LeaseHolder.UnknownProcess()));
    }

    @Override
    public synchronized void abandon(int partition) {
        wanted.remove(partition);
        waiting.remove(partition);
        TokenLease lease = ready.remove(partition);
        if (lease != null) {
            lease.close();
        }
    }

    @Override
    public synchronized SortedMap<Integer, LeaseHolder> waiting() {
        return new TreeMap<>(waiting);
    }

    /** Nothing can be wrong for good: a lease that is lost is asked for again. */
    @Override
    public Optional<String> look() {
        return Optional.empty();
    }

    private void acquire() {
        for (int partition : wantedNow()) {
            long before = System.nanoTime();
            Optional<FencingToken> token;
            try {
                token = tokens.acquire(partition, time);
                failing = false;
            } catch (RuntimeException e) {
                // Perhaps it is ours, unknown to us: then it ends by itself, and is asked for again until it has.
                saidOnce("no partition can be asked for", e);
                return;
            }
            if (token.isPresent()) {
                acquired(new TokenLease(token.get(), before + time.toNanos()));
            } else {
                refused(partition);
            }
        }
    }

    private synchronized List<Integer> wantedNow() {
        return List.copyOf(wanted);
    }

    private synchronized void acquired(TokenLease lease) {
        waiting.remove(lease.partition());
        if (wanted.remove(lease.partition())) {
            ready.put(lease.partition(), lease);
        } else {
            // Abandoned meanwhile.
            lease.close();
        }
    }

    private synchronized void refused(int partition) {
        if (wanted.contains(partition)) {
            waiting.put(partition, new LeaseHolder.UnknownProcess());
        }
    }

    private void prolong() {
        Map<FencingToken, TokenLease> held = new HashMap<>();
        synchronized (this) {
            Stream.concat(given.values().stream(), ready.values().stream())
                    .filter(TokenLease::held)
                    .forEach(lease -> held.put(lease.token, lease));
        }
        if (held.isEmpty()) {
            return;
        }
        long before = System.nanoTime();
        try {
            Set<FencingToken> kept = tokens.prolong(held.keySet(), time);
            held.forEach((token, lease) -> lease.prolonged(kept.contains(token), before + time.toNanos()));
            failing = false;
        } catch (RuntimeException e) {
            saidOnce("leases cannot be prolonged", e);
        }
    }

    private void saidOnce(String what, RuntimeException failure) {
        if (!failing) {
            LOG.warn("{}: {}", what, failure.getClass().getSimpleName());
        }
        failing = true;
    }

    private synchronized void closed(TokenLease lease) {
        given.remove(lease.partition(), lease);
    }

    /** Off the caller's thread, and before anything that is asked for afterwards. */
    private void release(FencingToken token) {
        try {
            thread.execute(() -> {
                try {
                    tokens.release(token);
                } catch (RuntimeException e) {
                    LOG.debug("partition {} is given back by time", token.partition());
                }
            });
        } catch (RejectedExecutionException e) {
            LOG.debug("partition {} is given back by time", token.partition());
        }
    }

    /** Gives back as far as the database answers; the rest ends by itself. */
    @Override
    public void close() {
        Set<TokenLease> left;
        synchronized (this) {
            left = new HashSet<>(given.values());
            left.addAll(ready.values());
            ready.clear();
        }
        left.forEach(TokenLease::close);
        thread.shutdown();
        try {
            if (!thread.awaitTermination(END_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                LOG.warn("some partitions are given back by time");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private final class TokenLease implements PartitionLease {
        private final FencingToken token;
        private volatile long endsNanos;
        private volatile boolean ended;
        private boolean open = true; // guarded by this

        TokenLease(FencingToken token, long endsNanos) {
            this.token = token;
            this.endsNanos = endsNanos;
        }

        @Override
        public int partition() {
            return token.partition();
        }

        /** Once it is not, it is not again. */
        @Override
        public boolean held() {
            if (!ended && System.nanoTime() - endsNanos >= 0) {
                ended = true;
            }
            return !ended;
        }

        @Override
        public Optional<FencingToken> fence() {
            return Optional.of(token);
        }

        void prolonged(boolean kept, long untilNanos) {
            if (kept) {
                endsNanos = untilNanos;
            } else {
                ended = true;
            }
        }

        @Override
        public void close() {
            synchronized (this) {
                if (!open) {
                    return;
                }
                open = false;
            }
            ended = true;
            release(token);
            closed(this);
        }

        @Override
        public String toString() {
            return "TokenLease[" + token + (ended ? ", ended" : "") + "]";
        }
    }
}
