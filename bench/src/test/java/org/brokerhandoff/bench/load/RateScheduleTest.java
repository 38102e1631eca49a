package org.brokerhandoff.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RateScheduleTest {
    private final RateSchedule schedule = new RateSchedule(
            List.of(new RateSchedule.Phase(10, 2), new RateSchedule.Phase(1000, 1), new RateSchedule.Phase(3, 5)));

    @Test
    void each_phase_begins_when_the_one_before_has_ended() {
        assertThat(schedule.requests()).isEqualTo(20 + 1000 + 15);
        assertThat(schedule.dueNanos(0)).isZero();
        assertThat(schedule.dueNanos(19)).isEqualTo(TimeUnit.MILLISECONDS.toNanos(1900));
        assertThat(schedule.dueNanos(20)).isEqualTo(TimeUnit.SECONDS.toNanos(2));
        assertThat(schedule.dueNanos(21)).isEqualTo(TimeUnit.MILLISECONDS.toNanos(2001));
        assertThat(schedule.dueNanos(1020)).isEqualTo(TimeUnit.SECONDS.toNanos(3));
        assertThat(schedule.dueNanos(schedule.requests())).isEqualTo(TimeUnit.SECONDS.toNanos(8));
    }

    @Test
    void no_request_is_due_before_the_one_in_front_of_it() {
        assertThat(IntStream.range(0, schedule.requests()).mapToObj(schedule::dueNanos))
                .isSorted();
    }

    @Test
    void a_request_belongs_to_the_phase_in_which_it_is_due() {
        assertThat(List.of(0, 19, 20, 1019, 1020, 1034))
                .extracting(schedule::phaseOf)
                .containsExactly(0, 0, 1, 1, 2, 2);
    }

    @Test
    void it_is_read_as_it_is_written() {
        assertThat(schedule).hasToString("10x2,1000x1,3x5");
        assertThat(RateSchedule.parse(schedule.toString())).isEqualTo(schedule);
    }
}
