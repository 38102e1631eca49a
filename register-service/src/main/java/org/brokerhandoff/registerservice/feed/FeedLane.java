package org.brokerhandoff.registerservice.feed;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.brokerhandoff.register.LogPartition;
import org.brokerhandoff.register.OpenRightsRequest;
import org.brokerhandoff.register.feed.FeedEntry;
import org.brokerhandoff.register.feed.FeedPosition;
import org.brokerhandoff.register.feed.FeedReader;
import org.brokerhandoff.register.feed.FeedRules;

/**
 * What one receiver is told of one partition number: one entry after the other, so that those of a signup keep their order, and the
 * position up to which it was told. Belongs to one thread.
 *
 * <p>A position never passes what was not told. What concerns the receiver not at all is told as soon as it is its turn.
 */
final class FeedLane {
    private static final int MOST_WAITING = 50;

    /** An entry that waits; exactly one of {@code placed} and {@code deadlinesUntil} is there. */
    private record Waiting(
            FeedEntry entry, boolean concerns, Optional<FeedReader.Placed> placed, Optional<Instant> deadlinesUntil) {}

    private final Deque<Waiting> waiting = new ArrayDeque<>();
    private final Map<LogPartition, Long> next;
    private Instant deadlinesUntil;
    private Instant deadlinesAsked;
    private boolean underWay;
    private int failures;
    private long againAtNanos;
    private boolean moved;

    FeedLane(FeedPosition position) {
        next = new HashMap<>(position.next());
        deadlinesUntil = position.deadlinesUntil();
        deadlinesAsked = position.deadlinesUntil();
    }

    /** How many more of the log it takes. */
    int room() {
        return Math.max(0, MOST_WAITING - waiting.size());
    }

    /**
     * Takes an entry of the log.
     *
     * @param told what the receiver is told of it; empty: nothing
     */
    void add(FeedReader.Placed placed, Optional<FeedEntry> told) {
        waiting.add(new Waiting(told.orElse(placed.entry()), told.isPresent(), Optional.of(placed), Optional.empty()));
        pass();
    }

    /**
     * Takes the deadlines that have come near since {@link #deadlinesAsked}.
     *
     * @param due in the order in which they are told
     * @param told what the receiver is told of an entry; empty: nothing
     * @param until all that had to be told of before this time is among them
     */
    void deadlines(List<OpenRightsRequest> due, Function<FeedEntry, Optional<FeedEntry>> told, Instant until) {
        if (!until.isAfter(deadlinesAsked)) {
            return;
        }
        for (int at = 0; at < due.size(); at++) {
            // Those of one moment are told again together.
            Instant upTo = at + 1 < due.size() ? FeedRules.toldAt(due.get(at + 1)) : until;
            FeedEntry entry = FeedRules.deadlineNear(due.get(at));
            waiting.add(new Waiting(entry, told.apply(entry).isPresent(), Optional.empty(), Optional.of(upTo)));
        }
        deadlinesAsked = until;
        if (waiting.stream().noneMatch(each -> each.deadlinesUntil().isPresent())) {
            deadlinesUntil = until;
            moved = true;
        }
        pass();
    }

    /** From when on it has not got deadlines yet. */
    Instant deadlinesAsked() {
        return deadlinesAsked;
    }

    /** Notes that all before these offsets was given to it, or is not told at all; of use where nothing waits. */
    void read(Map<LogPartition, Long> positions) {
        if (waiting.isEmpty()) {
            next.replaceAll((partition, offset) -> {
                long read = positions.getOrDefault(partition, offset);
                moved |= read > offset;
                return Math.max(offset, read);
            });
        }
    }

    /** The entry whose turn it is at {@code nowNanos}; empty if there is none, it is in progress, or it waits to be sent again. */
    Optional<FeedEntry> turn(long nowNanos) {
        boolean resting = failures > 0 && nowNanos - againAtNanos < 0;
        return underWay || resting
                ? Optional.empty()
                : Optional.ofNullable(waiting.peek()).map(Waiting::entry);
    }

    /** Since when the entry at the head waits, by the log's clock; empty if there is none. */
    Optional<Instant> waitsSince() {
        return Optional.ofNullable(waiting.peek())
                .map(head -> head.placed()
                        .map(FeedReader.Placed::appendedAt)
                        .orElse(head.entry().timestamp()));
    }

    /** Notes that the entry at the head is on its way. */
    void began() {
        underWay = true;
    }

    /** Notes that it was told. */
    void told() {
        underWay = false;
        failures = 0;
        done();
        pass();
    }

    /** Notes that it was not, and from when on it may be sent again, by {@link System#nanoTime}. */
    void failed(long againAtNanos) {
        underWay = false;
        failures++;
        this.againAtNanos = againAtNanos;
    }

    /** How often the entry at the head was sent in vain. */
    int failures() {
        return failures;
    }

    /** Lets the entry at the head be sent again now. */
    void again() {
        failures = 0;
    }

    private void pass() {
        while (!underWay && !waiting.isEmpty() && !waiting.element().concerns()) {
            done();
        }
    }

    private void done() {
        Waiting head = waiting.remove();
        head.placed().ifPresent(placed -> next.put(placed.at(), placed.offset() + 1));
        head.deadlinesUntil().ifPresent(until -> deadlinesUntil = until);
        moved = true;
    }

    /** The position up to which it was told, if it has moved since this method was last called. */
    Optional<FeedPosition> moved() {
        if (!moved) {
            return Optional.empty();
        }
        moved = false;
        return Optional.of(position());
    }

    /** The position up to which it was told. */
    FeedPosition position() {
        return new FeedPosition(next, deadlinesUntil);
    }
}
