package org.brokerhandoff.erasure.look;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import org.brokerhandoff.erasure.look.ReportPlanner.Report;
import org.brokerhandoff.erasure.look.ReportPlanner.Reported;
import org.brokerhandoff.event.SealedTopic;
import org.junit.jupiter.api.Test;

class ReportPlannerTest {
    private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");
    private static final SealedPartition ZERO = new SealedPartition(SealedTopic.SIGNUPS, 0);
    private static final SealedPartition ONE = new SealedPartition(SealedTopic.SIGNUPS, 1);

    private final ReportPlanner planner = new ReportPlanner(Duration.ofSeconds(30));

    private static Held from(long offset, int listing) {
        return new Held(OptionalLong.of(offset), 0, listing);
    }

    private static SortedMap<SealedPartition, Held> found(Held zero, Held one) {
        SortedMap<SealedPartition, Held> held = new TreeMap<>();
        held.put(ZERO, zero);
        held.put(ONE, one);
        return held;
    }

    private Reported after(SortedMap<SealedPartition, Held> held, Reported before, Instant now) {
        Reported reported = before;
        for (Report report : planner.due(held, before, now)) {
            reported = reported.with(report, now);
        }
        return reported;
    }

    @Test
    void at_the_start_every_partition_is_reported() {
        assertThat(planner.due(found(from(0, 1), from(5, 2)), Reported.NOTHING, NOON))
                .containsExactly(new Report(ZERO, from(0, 1), false), new Report(ONE, from(5, 2), false));
    }

    @Test
    void what_has_not_changed_is_not_reported_again() {
        Reported reported = after(found(from(0, 1), from(5, 2)), Reported.NOTHING, NOON);
        assertThat(planner.due(found(from(0, 1), from(5, 2)), reported, NOON.plusSeconds(29)))
                .isEmpty();
    }

    @Test
    void a_figure_that_moved_is_reported_at_once() {
        Reported reported = after(found(from(0, 1), from(5, 2)), Reported.NOTHING, NOON);
        assertThat(planner.due(found(from(0, 1), from(6, 3)), reported, NOON.plusMillis(500)))
                .containsExactly(new Report(ONE, from(6, 3), false));
        assertThat(planner.due(found(from(0, 1), from(4, 3)), reported, NOON.plusMillis(500)))
                .as("also one that fell: a replica was rebuilt")
                .containsExactly(new Report(ONE, from(4, 3), false));
    }

    /** An hour of traffic, in which the figure rises at every look; then the last figure is reported. */
    @Test
    void under_lasting_traffic_a_rising_figure_is_reported_once_in_ten_seconds_and_the_last_one_in_the_end() {
        Reported reported = Reported.NOTHING;
        int reports = 0;
        long offset = 0;
        Instant now = NOON;
        for (int look = 0; look < 7_200; look++) {
            now = now.plusMillis(500);
            offset++;
            for (Report report : planner.due(found(from(0, 1), from(offset, look)), reported, now)) {
                reported = reported.with(report, now);
                reports += report.partition().equals(ONE) ? 1 : 0;
            }
        }
        assertThat(reports).isBetween(360, 370);
        for (int look = 0; look < 20; look++) {
            now = now.plusMillis(500);
            reported = after(found(from(0, 1), from(offset, 7_199)), reported, now);
        }
        assertThat(reported.last())
                .extractingByKey(ONE)
                .extracting(Reported.Entry::held)
                .isEqualTo(from(offset, 7_199));
    }

    @Test
    void a_figure_that_fell_is_reported_at_once_whatever_was_said_before() {
        Reported reported = Reported.NOTHING;
        Instant now = NOON;
        for (long offset = 1; offset < 50; offset++) {
            now = now.plusMillis(500);
            reported = after(found(from(0, 1), from(offset, 2)), reported, now);
        }
        assertThat(planner.due(found(from(0, 1), from(2, 3)), reported, now.plusMillis(500)))
                .containsExactly(new Report(ONE, from(2, 3), false));
    }

    @Test
    void changed_files_alone_bring_a_report_only_when_the_last_one_is_old() {
        Reported reported = after(found(from(0, 1), from(5, 2)), Reported.NOTHING, NOON);
        assertThat(planner.due(found(from(0, 1), from(5, 3)), reported, NOON.plusSeconds(9)))
                .isEmpty();
        assertThat(planner.due(found(from(0, 1), from(5, 3)), reported, NOON.plusSeconds(10)))
                .containsExactly(new Report(ONE, from(5, 3), false));
    }

    @Test
    void in_silence_the_partition_reported_longest_ago_is_the_heartbeat() {
        SortedMap<SealedPartition, Held> held = found(from(0, 1), from(5, 2));
        Reported reported = after(held, Reported.NOTHING, NOON);
        reported = reported.with(new Report(ZERO, from(0, 1), false), NOON.plusSeconds(1));
        assertThat(planner.due(held, reported, NOON.plusSeconds(30))).isEmpty();
        assertThat(planner.due(held, reported, NOON.plusSeconds(31)))
                .containsExactly(new Report(ONE, from(5, 2), false));
    }

    @Test
    void an_hour_of_silence_costs_one_record_per_heartbeat_and_reaches_every_partition() {
        SortedMap<SealedPartition, Held> held = found(from(0, 1), from(5, 2));
        Reported reported = after(held, Reported.NOTHING, NOON);
        int zero = 0;
        int one = 0;
        for (int second = 1; second <= 3600; second++) {
            List<Report> due = planner.due(held, reported, NOON.plusSeconds(second));
            for (Report report : due) {
                reported = reported.with(report, NOON.plusSeconds(second));
                zero += report.partition().equals(ZERO) ? 1 : 0;
                one += report.partition().equals(ONE) ? 1 : 0;
            }
        }
        assertThat(zero + one).isEqualTo(120);
        assertThat(zero).isEqualTo(60);
    }

    @Test
    void a_partition_that_left_the_broker_is_reported_once_without_an_offset() {
        Reported reported = after(found(from(0, 1), from(5, 2)), Reported.NOTHING, NOON);
        SortedMap<SealedPartition, Held> left = new TreeMap<>();
        left.put(ZERO, from(0, 1));
        assertThat(planner.due(left, reported, NOON.plusSeconds(1)))
                .singleElement()
                .satisfies(report -> {
                    assertThat(report.partition()).isEqualTo(ONE);
                    assertThat(report.gone()).isTrue();
                    assertThat(report.held().lowestOffset()).isEmpty();
                });
        Reported told = after(left, reported, NOON.plusSeconds(1));
        assertThat(planner.due(left, told, NOON.plusSeconds(2))).isEmpty();
    }

    @Test
    void a_report_that_was_not_acknowledged_is_due_again() {
        SortedMap<SealedPartition, Held> held = found(from(0, 1), from(5, 2));
        Reported partly = Reported.NOTHING.with(new Report(ZERO, from(0, 1), false), NOON);
        assertThat(planner.due(held, partly, NOON.plusMillis(500))).containsExactly(new Report(ONE, from(5, 2), false));
    }

    @Test
    void a_clock_that_was_set_back_does_not_silence_the_agent() {
        SortedMap<SealedPartition, Held> held = found(from(0, 1), from(5, 2));
        Reported reported = after(held, Reported.NOTHING, NOON);
        assertThat(planner.due(held, reported, NOON.minusSeconds(3600))).hasSize(1);
    }

    @Test
    void a_broker_without_such_partitions_has_nothing_to_say() {
        assertThat(planner.due(new TreeMap<>(), Reported.NOTHING, NOON)).isEmpty();
    }
}
