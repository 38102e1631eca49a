package org.brokerhandoff.register.feed;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import org.brokerhandoff.register.LogPartition;
import org.brokerhandoff.schemas.Topic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FeedOrderTest {
    private static final LogPartition CONSENTS = new LogPartition(Topic.CONSENTS, 0);
    private static final LogPartition HANDOFFS = new LogPartition(Topic.HANDOFFS, 0);
    private static final LogPartition PURGES = new LogPartition(Topic.PURGES, 0);
    private static final List<LogPartition> ALL = List.of(CONSENTS, HANDOFFS, PURGES);

    private final FeedOrder order = new FeedOrder();

    private static FeedOrder.Item item(LogPartition at, long offset, long millis) {
        return new FeedOrder.Item(
                at,
                offset,
                Instant.ofEpochMilli(millis),
                FeedEntry.of(
                        at + "@" + offset,
                        FeedType.SIGNUP_PURGED,
                        Instant.ofEpochMilli(millis),
                        Optional.of(new UUID(0, 0)),
                        Map.of()));
    }

    @Test
    void a_purge_waits_for_the_delivery_before_it_also_where_its_topic_is_read_first() {
        order.start(Map.of(CONSENTS, 0L, HANDOFFS, 0L, PURGES, 0L));
        order.add(item(PURGES, 0, 20));
        order.read(PURGES, 1);
        order.ends(Map.of(CONSENTS, 0L, HANDOFFS, 1L, PURGES, 1L));

        assertThat(order.next(0))
                .describedAs("what is in the other topic is not known yet")
                .isEmpty();
        order.add(item(HANDOFFS, 0, 10));
        order.read(HANDOFFS, 1);

        assertThat(order.next(0)).hasValue(item(HANDOFFS, 0, 10));
        assertThat(order.next(0)).hasValue(item(PURGES, 0, 20));
        assertThat(order.next(0)).isEmpty();
    }

    @Test
    void what_was_appended_after_the_round_began_waits_for_the_next_one() {
        order.start(Map.of(CONSENTS, 0L, HANDOFFS, 0L, PURGES, 0L));
        order.add(item(PURGES, 0, 20));
        order.add(item(PURGES, 1, 40));
        order.read(PURGES, 2);
        order.ends(Map.of(CONSENTS, 0L, HANDOFFS, 0L, PURGES, 1L));

        assertThat(order.next(0)).hasValue(item(PURGES, 0, 20));
        assertThat(order.next(0)).isEmpty();
        assertThat(order.beyondRound()).isTrue();
        assertThat(order.positions()).containsEntry(PURGES, 1L);
    }

    @Test
    void of_one_millisecond_the_fact_comes_before_what_follows_from_it() {
        order.start(Map.of(CONSENTS, 0L, HANDOFFS, 0L, PURGES, 0L));
        order.add(item(PURGES, 0, 10));
        order.add(item(HANDOFFS, 0, 10));
        order.read(PURGES, 1);
        order.read(HANDOFFS, 1);
        order.ends(Map.of(CONSENTS, 0L, HANDOFFS, 1L, PURGES, 1L));

        assertThat(order.next(0)).hasValue(item(HANDOFFS, 0, 10));
    }

    @Test
    void records_that_are_not_told_move_the_position_on_and_what_waits_holds_it() {
        order.start(Map.of(CONSENTS, 5L, HANDOFFS, 7L, PURGES, 0L));
        order.read(CONSENTS, 9);
        order.add(item(HANDOFFS, 8, 10));
        order.read(HANDOFFS, 12);

        assertThat(order.positions()).isEqualTo(Map.of(CONSENTS, 9L, HANDOFFS, 8L, PURGES, 0L));
    }

    @Test
    void a_source_is_full_at_a_bound_and_partitions_that_are_taken_away_hold_up_nothing() {
        order.start(Map.of(CONSENTS, 0L, HANDOFFS, 0L, PURGES, 0L));
        for (int at = 0; at < 1_000; at++) {
            assertThat(order.full(PURGES)).isFalse();
            order.add(item(PURGES, at, at));
        }
        assertThat(order.full(PURGES)).isTrue();
        order.read(PURGES, 1_000);
        order.ends(Map.of(CONSENTS, 0L, HANDOFFS, 50L, PURGES, 1_000L));
        assertThat(order.next(0)).isEmpty();

        order.stop(List.of(HANDOFFS));
        assertThat(order.next(0)).hasValue(item(PURGES, 0, 0));
    }

    /** In whatever order fetches return, each entry is emitted once, in append order. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void whatever_the_fetches_bring_the_order_is_that_of_the_appends(long seed) {
        Random random = new Random(seed);
        List<FeedOrder.Item> log = new ArrayList<>();
        Map<LogPartition, Long> ends = new HashMap<>(Map.of(CONSENTS, 0L, HANDOFFS, 0L, PURGES, 0L));
        Map<LogPartition, Long> fetched = new HashMap<>(ends);
        order.start(ends);
        List<FeedOrder.Item> out = new ArrayList<>();
        for (int step = 0; step < 2_000 || out.size() < log.size(); step++) {
            if (step < 2_000) {
                LogPartition at = ALL.get(random.nextInt(3));
                log.add(item(at, ends.getOrDefault(at, 0L), step / 3));
                ends.merge(at, 1L, Long::sum);
            }
            LogPartition from = ALL.get(random.nextInt(3));
            long upTo = Math.min(ends.getOrDefault(from, 0L), fetched.getOrDefault(from, 0L) + random.nextInt(8));
            for (FeedOrder.Item item : log) {
                if (item.at().equals(from) && item.offset() >= fetched.getOrDefault(from, 0L) && item.offset() < upTo) {
                    order.add(item);
                }
            }
            fetched.put(from, upTo);
            order.read(from, upTo);
            if (order.beyondRound()) {
                order.ends(ends);
            }
            order.next(0).ifPresent(out::add);
        }
        assertThat(out).containsExactlyInAnyOrderElementsOf(log);
        assertThat(out).isSortedAccordingTo(Comparator.comparing(FeedOrder.Item::appendedAt));
        assertThat(order.positions()).isEqualTo(ends);
    }
}
