package org.brokerhandoff.router.purge;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.brokerhandoff.event.LogErased;
import org.brokerhandoff.event.SealedTopic;
import org.brokerhandoff.schemas.EventCodec;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ErasureReportsTest {
    /** Only then does Avro trust the event classes. */
    static final EventCodec CODEC = new EventCodec();

    private static final Instant CUT = Instant.parse("2026-11-22T13:00:00Z");
    private static final Instant NOW = CUT.plusSeconds(10);
    private static final Set<Integer> THREE = Brokers.upTo(3);

    static LogErased look(int broker, int partition, @Nullable Long lowest, Instant at) {
        return LogErased.newBuilder()
                .setBroker(broker)
                .setDirectories(List.of())
                .setTopic(SealedTopic.SIGNUPS)
                .setPartition(partition)
                .setLowestOffset(lowest)
                .setObservedAt(at)
                .build();
    }

    private static Set<Integer> mayHold(ErasureReports reports, Set<Integer> replicas) {
        return reports.mayHold(SealedTopic.SIGNUPS, 2, 40, CUT, replicas, NOW);
    }

    private static ErasureReports heard(LogErased... reports) {
        return ErasureReports.NONE.with(List.of(reports));
    }

    @Test
    void whoever_has_not_reported_may_hold_it() {
        assertThat(mayHold(ErasureReports.NONE, THREE)).containsExactly(1, 2, 3);
    }

    @Test
    void a_broker_whose_lowest_offset_lies_above_the_record_does_not_hold_it() {
        assertThat(mayHold(
                        heard(
                                look(1, 2, 41L, CUT.plusSeconds(1)),
                                look(2, 2, 99L, CUT.plusSeconds(2)),
                                look(3, 2, 41L, CUT.plusMillis(1))),
                        THREE))
                .isEmpty();
    }

    @Test
    void a_file_that_begins_at_the_record_may_hold_it() {
        assertThat(mayHold(heard(look(1, 2, 40L, CUT.plusSeconds(1))), Set.of(1)))
                .containsExactly(1);
    }

    @Test
    void a_look_that_began_before_the_cut_was_confirmed_says_nothing() {
        assertThat(mayHold(heard(look(1, 2, 41L, CUT)), Set.of(1))).containsExactly(1);
    }

    @Test
    void a_replica_without_any_file_of_the_partition_has_not_been_looked_at() {
        assertThat(mayHold(heard(look(1, 2, null, CUT.plusSeconds(1))), Set.of(1)))
                .containsExactly(1);
    }

    @Test
    void a_look_at_another_partition_or_topic_says_nothing() {
        assertThat(mayHold(
                        heard(
                                look(1, 3, 41L, CUT.plusSeconds(1)),
                                LogErased.newBuilder(look(1, 2, 41L, CUT.plusSeconds(1)))
                                        .setTopic(SealedTopic.SIGNUPS_PARKED)
                                        .build()),
                        Set.of(1)))
                .containsExactly(1);
    }

    @Test
    void a_former_replica_that_still_has_a_file_counts_while_its_agent_says_so() {
        LogErased one = look(1, 2, 41L, CUT.plusSeconds(1));
        assertThat(mayHold(heard(one, look(7, 2, 0L, CUT.plusSeconds(1))), Set.of(1)))
                .containsExactly(7);
        assertThat(mayHold(
                        heard(one, look(7, 2, 0L, CUT.plusSeconds(1)), look(7, 2, null, CUT.plusSeconds(2))),
                        Set.of(1)))
                .isEmpty();
        assertThat(mayHold(
                        heard(
                                one,
                                look(7, 2, 0L, NOW.minus(ErasureReports.SILENCE).minusMillis(1))),
                        Set.of(1)))
                .as("an agent that is gone")
                .isEmpty();
    }

    @Test
    void reports_in_any_order_and_repeated_come_to_the_same() {
        List<LogErased> reports = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            reports.add(look(1 + i % 3, i % 2, (long) i / 4, CUT.plusSeconds(i)));
        }
        ErasureReports inOrder = ErasureReports.NONE.with(reports);
        Random random = new Random(5);
        for (int round = 0; round < 50; round++) {
            List<LogErased> shuffled = new ArrayList<>(reports);
            shuffled.addAll(reports.subList(0, random.nextInt(40)));
            Collections.shuffle(shuffled, random);
            ErasureReports other = ErasureReports.NONE;
            for (LogErased report : shuffled) {
                other = other.with(List.of(report));
            }
            assertThat(other).isEqualTo(inOrder);
        }
    }

    @Test
    void an_agent_is_alive_by_its_report_on_any_partition_and_dead_after_two_silent_minutes() {
        ErasureReports reports = heard(look(1, 5, 0L, CUT), look(2, 4, 0L, CUT.plusSeconds(30)));
        assertThat(reports.reporting(Set.of(1, 2), CUT.plusSeconds(120))).isTrue();
        assertThat(reports.reporting(Set.of(1, 2), CUT.plusSeconds(121))).isFalse();
        assertThat(reports.reporting(Set.of(2), CUT.plusSeconds(121))).isTrue();
        assertThat(reports.reporting(THREE, CUT)).isFalse();
    }

    @Test
    void an_agent_that_has_stopped_reporting_is_named_for_a_day() {
        ErasureReports reports = heard(look(1, 5, 0L, CUT), look(2, 4, 0L, CUT.plusSeconds(30)));
        assertThat(reports.silent(CUT.plusSeconds(120))).isEmpty();
        assertThat(reports.silent(CUT.plusSeconds(121))).containsExactly(1);
        assertThat(reports.silent(CUT.plusSeconds(24 * 3600))).containsExactly(1, 2);
        assertThat(reports.silent(CUT.plusSeconds(24 * 3600 + 1))).containsExactly(2);
        assertThat(ErasureReports.NONE.silent(CUT)).isEmpty();
    }
}
