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
 * One receiver's queue for one partition number: entries are sent serially, so that those of a signup keep their order; and the position up
 * to which it was sent. Confined to one thread.
 *
 * <p>A position never passes an unsent entry. Entries that do not concern the receiver are skipped when it is their turn.
 */
final class FeedLane {
    private static final int MOST_WAITING = 50;

    /** A pending entry; exactly one of {@code placed} and {@code deadlinesUntil} is present. */
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

    /** Remaining capacity. */
    int room() {
        return Math.max(0, MOST_WAITING - waiting.size());
    }

    /**
     * Adds an entry of the log.
     *
     * @param told what the receiver gets of it; empty: nothing
     */
    void add(FeedReader.Placed placed, Optional<FeedEntry> told) {
        waiting.add(new Waiting(told.orElse(placed.entry()), told.isPresent(), Optional.of(placed), Optional.empty()));
        pass();
    }

    /**
     * Adds the deadlines that have come near since {@link #deadlinesAsked}.
     *
     * @param due in sending order
     * @param told what the receiver gets of an entry; empty: nothing
     * @param until all reminders due before this time are included
     */
    void deadlines(List<OpenRightsRequest> due, Function<FeedEntry, Optional<FeedEntry>> told, Instant until) {
        if (!until.isAfter(deadlinesAsked)) {
            return;
        }
        for (int at = 0; at < due.size(); at++) {
            // Those of the same moment are sent again together.
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

    /** The time from which it has no deadlines yet. */
    Instant deadlinesAsked() {
        return deadlinesAsked;
    }

    /** Records that everything before these offsets was added, or is not sent at all; has an effect when nothing is pending. */
    void read(Map<LogPartition, Long> positions) {
        if (waiting.isEmpty()) {
            next.replaceAll((partition, offset) -> {
                long read = positions.getOrDefault(partition, offset);
                moved |= read > offset;
                return Math.max(offset, read);
            });
        }
    }

    /** The entry whose turn it is at {@code nowNanos}; empty if there is none, it is in progress, or it is backing off. */
    Optional<FeedEntry> turn(long nowNanos) {
        boolean resting = failures > 0 && nowNanos - againAtNanos < 0;
        return underWay || resting
                ? Optional.empty()
                : Optional.ofNullable(waiting.peek()).map(Waiting::entry);
    }

    /** Since when the head entry has been pending, by the log's clock; empty if there is none. */
    Optional<Instant> waitsSince() {
        return Optional.ofNullable(waiting.peek())
                .map(head -> head.placed()
                        .map(FeedReader.Placed::appendedAt)
                        .orElse(head.entry().timestamp()));
    }

    /** Records that the head entry is in progress. */
    void began() {
        underWay = true;
    }

    /** Records that it was accepted. */
    void told() {
        underWay = false;
        failures = 0;
        done();
        pass();
    }

    /** Records that it failed, and when it may be retried, by {@link System#nanoTime}. */
    void failed(long againAtNanos) {
        underWay = false;
        failures++;
        this.againAtNanos = againAtNanos;
    }

    /** Number of failed attempts of the head entry. */
    int failures() {
        return failures;
    }

    /** Allows an immediate retry of the head entry. */
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

    /** The position up to which it was sent, if it has moved since the last call of this method. */
    Optional<FeedPosition> moved() {
        if (!moved) {
            return Optional.empty();
        }
        moved = false;
        return Optional.of(position());
    }

    /** The position up to which it was sent. */
    FeedPosition position() {
        return new FeedPosition(next, deadlinesUntil);
    }
}
