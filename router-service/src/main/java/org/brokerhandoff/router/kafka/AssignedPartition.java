package org.brokerhandoff.router.kafka;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.brokerhandoff.custody.FencingToken;
import org.brokerhandoff.custody.Ownership;
import org.brokerhandoff.router.domain.History;
import org.brokerhandoff.router.purge.CompletionTracker;

/**
 * The consumer's state of an assigned partition. Used by the poll thread only, except for the tracker, {@link #held} and
 * {@link #recordEnds}, which its lane uses as well.
 *
 * <p>A partition is consumed, or stopped at a record that cannot be worked on now. A stopped partition fetches nothing; the record
 * and all behind it stay unfinished, so they are neither committed nor cut. It is retried after a pause.
 */
final class AssignedPartition implements Ownership {
    /** After an exception: a lost dependency is usually back by then, and a bug is not logged more often. */
    static final Duration PAUSE_AFTER_FAILURE = Duration.ofSeconds(1);
    /** An unknown schema stays unknown until the upgrade; it is retried because retention may remove the record. */
    static final Duration PAUSE_FOR_SCHEMA = Duration.ofSeconds(10);

    /** Parked records that this router wrote itself stay at least so long, else a clock that is ahead would move them without end. */
    private static final Duration SHORTEST_STAY = Duration.ofSeconds(1);

    final TopicPartition partition;
    final boolean parked;
    final CompletionTracker tracker;
    private final PartitionHold hold;
    /** Parked records that were fetched and wait until they are due, and for their turn. */
    final Deque<Waiting> waiting = new ArrayDeque<>();
    /** Records before this offset may have a history; it is read when the first of them arrives. */
    final long recoverBefore;

    Map<UUID, History> histories = Map.of();
    boolean recovered;
    boolean paused;
    private volatile boolean gone;

    private Optional<Stop> stop = Optional.empty();

    /** A parked record, and {@link System#nanoTime()} when it was fetched. */
    record Waiting(ConsumerRecord<byte[], byte[]> record, long fetchedNanos) {}

    /** Why a partition is stopped, without content, and {@link System#nanoTime()} when it is tried again. */
    private record Stop(long untilNanos) {}

    /** @param hold entered by the caller; {@link #goes} leaves it */
    AssignedPartition(
            TopicPartition partition,
            boolean parked,
            PartitionHold hold,
            CompletionTracker tracker,
            long recoverBefore) {
        this.partition = partition;
        this.parked = parked;
        this.hold = hold;
        this.tracker = tracker;
        this.recoverBefore = recoverBefore;
    }

    /** Whether this router has the partition, and no other process can act on it; asked by the handoffs that are in progress. */
    @Override
    public boolean held() {
        return !gone && hold.held();
    }

    @Override
    public Optional<FencingToken> fence() {
        return hold.fence();
    }

    /** The partition goes to another router, which can act on it once {@link #recordEnds} was called for each record begun. */
    void goes() {
        gone = true;
        hold.leave();
    }

    /** A record is worked on from now on. */
    void recordBegins() {
        if (!hold.enter()) {
            throw new IllegalStateException("a record of a partition that was lost");
        }
    }

    /** Nothing is in progress for a record any more. */
    void recordEnds() {
        hold.leave();
    }

    /** What was recorded before this router had the partition of the signup whose record stands at {@code offset}. */
    History history(long offset, UUID signupId) {
        History history = offset < recoverBefore ? histories.getOrDefault(signupId, History.NONE) : History.NONE;
        if (offset + 1 >= recoverBefore) {
            histories = Map.of();
        }
        return history;
    }

    void stop(Duration pause) {
        stop = Optional.of(new Stop(System.nanoTime() + pause.toNanos()));
    }

    /** Whether the partition is stopped now. */
    boolean stopped() {
        return stop.filter(until -> System.nanoTime() - until.untilNanos() < 0).isPresent();
    }

    /**
     * Whether the first parked record has stood for the interval: by the brokers' clock, or by having been held here. What this
     * router has written is held a while in any case.
     */
    boolean due(Duration parkingInterval, Instant now) {
        Waiting first = waiting.peek();
        if (first == null || stopped()) {
            return false;
        }
        Duration held = Duration.ofNanos(System.nanoTime() - first.fetchedNanos());
        Instant dueAt = Instant.ofEpochMilli(first.record().timestamp()).plus(parkingInterval);
        boolean fresh = first.record().offset() >= recoverBefore;
        return held.compareTo(parkingInterval) >= 0
                || (!now.isBefore(dueAt) && (!fresh || held.compareTo(SHORTEST_STAY) >= 0));
    }
}
