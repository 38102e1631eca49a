package org.brokerhandoff.registerservice.feed;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.brokerhandoff.event.RightsType;
import org.brokerhandoff.register.LogPartition;
import org.brokerhandoff.register.OpenRightsRequest;
import org.brokerhandoff.register.feed.FeedEntry;
import org.brokerhandoff.register.feed.FeedPosition;
import org.brokerhandoff.register.feed.FeedReader;
import org.brokerhandoff.register.feed.FeedRules;
import org.brokerhandoff.register.feed.FeedType;
import org.brokerhandoff.schemas.Topic;
import org.junit.jupiter.api.Test;

class FeedLaneTest {
    private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");
    private static final LogPartition HANDOFFS = new LogPartition(Topic.HANDOFFS, 3);
    private static final LogPartition PURGES = new LogPartition(Topic.PURGES, 3);

    private final FeedLane lane = new FeedLane(new FeedPosition(Map.of(HANDOFFS, 10L, PURGES, 20L), NOON));

    private static FeedReader.Placed placed(LogPartition at, long offset) {
        return new FeedReader.Placed(at, offset, NOON.plusSeconds(offset), entry(at + "@" + offset));
    }

    private static Optional<FeedEntry> told(FeedReader.Placed placed) {
        return Optional.of(placed.entry());
    }

    private static Optional<FeedEntry> untold(FeedReader.Placed placed) {
        assertThat(placed.entry()).isNotNull();
        return Optional.empty();
    }

    private static FeedEntry entry(String id) {
        return new FeedEntry(id, FeedType.SIGNUP_PURGED, NOON, Optional.of(new UUID(0, 1)), Map.of());
    }

    private static OpenRightsRequest open(long seconds) {
        return new OpenRightsRequest(
                new UUID(0, 1),
                new UUID(0, seconds),
                RightsType.OBJECTION,
                NOON.minus(Duration.ofDays(20)),
                NOON.plusSeconds(seconds).plus(Duration.ofDays(7)));
    }

    @Test
    void one_entry_after_the_other_and_the_position_moves_only_with_what_was_told() {
        lane.add(placed(HANDOFFS, 11), told(placed(HANDOFFS, 11)));
        lane.add(placed(PURGES, 25), told(placed(PURGES, 25)));
        assertThat(lane.waitsSince()).hasValue(NOON.plusSeconds(11));

        assertThat(lane.turn(0)).hasValue(entry("handoffs-3@11"));
        lane.began();
        assertThat(lane.turn(0)).describedAs("under way").isEmpty();
        assertThat(lane.moved()).isEmpty();
        lane.failed(1_000);
        assertThat(lane.turn(999)).describedAs("not yet").isEmpty();
        lane.add(placed(PURGES, 26), untold(placed(PURGES, 26)));
        assertThat(lane.turn(1_000)).describedAs("the same again").hasValue(entry("handoffs-3@11"));
        assertThat(lane.failures()).isOne();
        lane.again();
        assertThat(lane.turn(0)).describedAs("the same again").hasValue(entry("handoffs-3@11"));
        lane.began();
        lane.told();
        assertThat(lane.moved().orElseThrow().next()).isEqualTo(Map.of(HANDOFFS, 12L, PURGES, 20L));
        assertThat(lane.moved()).describedAs("told once").isEmpty();

        lane.read(Map.of(HANDOFFS, 99L, PURGES, 99L));
        assertThat(lane.position().next()).describedAs("one waits").isEqualTo(Map.of(HANDOFFS, 12L, PURGES, 20L));
        lane.began();
        lane.told();
        lane.read(Map.of(HANDOFFS, 99L, PURGES, 99L));
        assertThat(lane.position().next()).isEqualTo(Map.of(HANDOFFS, 99L, PURGES, 99L));
        assertThat(lane.turn(0)).isEmpty();
    }

    @Test
    void what_is_anothers_is_passed_over_in_its_turn_and_not_before() {
        lane.add(placed(HANDOFFS, 10), untold(placed(HANDOFFS, 10)));
        assertThat(lane.position().next()).containsEntry(HANDOFFS, 11L);
        lane.add(placed(HANDOFFS, 11), told(placed(HANDOFFS, 11)));
        lane.add(placed(HANDOFFS, 12), untold(placed(HANDOFFS, 12)));
        lane.add(placed(HANDOFFS, 13), told(placed(HANDOFFS, 13)));
        assertThat(lane.position().next()).containsEntry(HANDOFFS, 11L);
        lane.began();
        assertThat(lane.position().next()).containsEntry(HANDOFFS, 11L);
        lane.told();

        assertThat(lane.position().next()).containsEntry(HANDOFFS, 13L);
        assertThat(lane.turn(0)).hasValue(entry("handoffs-3@13"));
    }

    @Test
    void it_takes_a_bounded_number() {
        while (lane.room() > 0) {
            lane.add(placed(HANDOFFS, 60 - lane.room()), told(placed(HANDOFFS, 60 - lane.room())));
        }
        assertThat(lane.position().next()).containsEntry(HANDOFFS, 10L);
        assertThat(lane.room()).isZero();
    }

    @Test
    void the_time_until_which_deadlines_were_told_moves_with_them_and_those_of_one_moment_come_again_together() {
        List<OpenRightsRequest> due = List.of(open(10), open(20), open(20), open(30));
        lane.deadlines(due, Optional::of, NOON.plusSeconds(60));
        assertThat(lane.deadlinesAsked()).isEqualTo(NOON.plusSeconds(60));
        assertThat(lane.position().deadlinesUntil()).isEqualTo(NOON);

        for (long until : new long[] {20, 20, 30, 60}) {
            assertThat(lane.turn(0)).isPresent();
            lane.began();
            lane.told();
            assertThat(lane.position().deadlinesUntil()).isEqualTo(NOON.plusSeconds(until));
        }
        assertThat(lane.turn(0)).isEmpty();
        lane.deadlines(due, Optional::of, NOON.plusSeconds(60));
        assertThat(lane.turn(0)).describedAs("not asked twice").isEmpty();
    }

    @Test
    void deadlines_that_wait_hold_the_time_and_none_moves_it() {
        lane.deadlines(List.of(), Optional::of, NOON.plusSeconds(5));
        assertThat(lane.moved().orElseThrow().deadlinesUntil()).isEqualTo(NOON.plusSeconds(5));
        lane.deadlines(List.of(open(10)), Optional::of, NOON.plusSeconds(20));
        lane.deadlines(List.of(), Optional::of, NOON.plusSeconds(40));
        assertThat(lane.position().deadlinesUntil()).isEqualTo(NOON.plusSeconds(5));
        assertThat(lane.turn(0)).hasValue(FeedRules.deadlineNear(open(10)));
        assertThat(lane.waitsSince()).hasValue(NOON.plusSeconds(10));

        FeedLane another = new FeedLane(new FeedPosition(Map.of(), NOON));
        another.deadlines(List.of(open(10)), entry -> Optional.empty(), NOON.plusSeconds(20));
        assertThat(another.turn(0)).describedAs("another's").isEmpty();
        assertThat(another.position().deadlinesUntil()).isEqualTo(NOON.plusSeconds(20));
    }
}
