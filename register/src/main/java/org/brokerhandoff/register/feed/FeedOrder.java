package org.brokerhandoff.register.feed;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.brokerhandoff.register.LogPartition;

/**
 * Merges the entries of one partition number, which come from several topics, in the order in which their events were appended, so that a
 * delivery is sent before the purge that follows it. Holds few entries: a {@linkplain #full} source must not be read further. Pure; confined
 * to one thread.
 *
 * <p>It works in rounds. A round extends to the {@linkplain #ends} of all sources at one moment; anything appended later is later than all of
 * it. Within a round the next entry is known as soon as each source has an entry, or has none left before its end.
 */
final class FeedOrder {
    private static final int MOST_WAITING = 1_000;
    private static final Comparator<Item> BY_APPEND =
            Comparator.comparing(Item::appendedAt).thenComparing(Item::at);

    /**
     * An entry and the position of its event.
     *
     * @param at the partition
     * @param offset the offset in it
     * @param appendedAt the broker's clock at the append
     */
    record Item(LogPartition at, long offset, Instant appendedAt, FeedEntry entry) {}

    private static final class Source {
        private final Deque<Item> waiting = new ArrayDeque<>();
        private long read;
        private long end;

        Source(long start) {
            read = start;
            end = start;
        }

        Optional<Item> head() {
            return Optional.ofNullable(waiting.peek()).filter(item -> item.offset() < end);
        }

        /** Whether the next entry of this round is not known yet. */
        boolean open() {
            return waiting.isEmpty() && read < end;
        }

        long next() {
            Item first = waiting.peek();
            return first == null ? read : first.offset();
        }
    }

    private final Map<LogPartition, Source> sources = new TreeMap<>();

    /** Adds partitions, each from an offset. */
    void start(Map<LogPartition, Long> starts) {
        starts.forEach((partition, start) -> sources.put(partition, new Source(start)));
    }

    /** Removes partitions, with their pending entries. */
    void stop(Collection<LogPartition> partitions) {
        partitions.forEach(sources::remove);
    }

    /** Adds the next entry of a partition. */
    void add(Item item) {
        source(item.at()).waiting.add(item);
    }

    /** Records that a partition is read up to {@code next}. */
    void read(LogPartition partition, long next) {
        source(partition).read = next;
    }

    /** Begins a round, with the offset after the last record of each partition. */
    void ends(Map<LogPartition, Long> ends) {
        ends.forEach((partition, end) -> {
            Source source = sources.get(partition);
            if (source != null) {
                source.end = Math.max(source.end, end);
            }
        });
    }

    /** Whether a partition has been read beyond this round, so that another one is worthwhile. */
    boolean beyondRound() {
        return sources.values().stream().anyMatch(source -> source.read > source.end);
    }

    /** Whether a partition has enough pending entries. */
    boolean full(LogPartition partition) {
        return source(partition).waiting.size() >= MOST_WAITING;
    }

    /** Removes the next entry among the topics of one partition number; empty if it is not known yet, or there is none. */
    Optional<Item> next(int number) {
        Optional<Source> first = Optional.empty();
        for (Map.Entry<LogPartition, Source> each : sources.entrySet()) {
            if (each.getKey().partition() != number) {
                continue;
            }
            Source source = each.getValue();
            if (source.open()) {
                return Optional.empty();
            }
            Optional<Item> head = source.head();
            Optional<Item> best = first.flatMap(Source::head);
            if (head.isPresent() && (best.isEmpty() || BY_APPEND.compare(head.get(), best.get()) < 0)) {
                first = Optional.of(source);
            }
        }
        return first.map(source -> source.waiting.remove());
    }

    /** The offsets from which to resume so that everything not returned by {@link #next} is read again. */
    Map<LogPartition, Long> positions() {
        Map<LogPartition, Long> positions = new HashMap<>();
        sources.forEach((partition, source) -> positions.put(partition, source.next()));
        return positions;
    }

    private Source source(LogPartition partition) {
        return Objects.requireNonNull(sources.get(partition));
    }
}
