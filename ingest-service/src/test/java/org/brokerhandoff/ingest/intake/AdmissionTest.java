package org.brokerhandoff.ingest.intake;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AdmissionTest {
    private static final int MOST = 2048;

    @ParameterizedTest
    @CsvSource({
        // limit, in progress, least wait in ms, next limit
        "2048, 2048, 19, 2048",
        "2048, 2048, 21, 1638",
        "2048, 100, 21, 80",
        "80, 80, 21, 64",
        "70, 70, 50, 64",
        "64, 3, 50, 64",
        "64, 64, 0, 71",
        "1000, 5, 0, 1101",
        "2047, 5, 20, 2048"
    })
    void the_limit_follows_the_standing_queue(int limit, int underWay, int leastWaitMillis, int next) {
        assertThat(Admission.nextLimit(
                        limit,
                        MOST,
                        underWay,
                        Duration.ofMillis(leastWaitMillis).toNanos()))
                .isEqualTo(next);
    }

    @Test
    void a_small_bound_is_never_exceeded() {
        assertThat(Admission.nextLimit(4, 4, 4, Duration.ofSeconds(1).toNanos()))
                .isEqualTo(4);
        assertThat(Admission.nextLimit(4, 4, 4, 0)).isEqualTo(4);
    }

    @Test
    void one_task_that_was_served_at_once_in_a_window_shows_that_no_queue_stands() {
        Admission admission = full(100);
        window(admission, 1, 50, 50, 50, 50, 50, 50, 50, 50, 1, 50);
        assertThat(admission.overloaded()).isTrue();
        admission.left();
        assertThat(admission.refusal()).isEmpty();
        window(admission, 2, 50, 50, 50, 50, 50, 50, 50, 50, 22, 50);
        admission.left();
        assertThat(admission.refusal()).contains(Unavailability.OVERLOADED);
    }

    @Test
    void few_waits_say_nothing() {
        Admission admission = full(100);
        window(admission, 1, 50, 50, 50);
        admission.left();
        assertThat(admission.refusal()).isEmpty();
    }

    @Test
    void twice_what_a_loop_can_do_is_refused_early_what_is_accepted_is_served_soon_and_afterwards_all_is_as_before() {
        Admission admission = new Admission(MOST);
        // One loop that serves a task in 1 ms, three tasks for each signup: 333 a second.
        Simulation run = new Simulation(admission);
        run.arriving(667, Duration.ofSeconds(20));
        run.reset();
        run.arriving(667, Duration.ofSeconds(20));
        assertThat(run.refused).isGreaterThan(run.accepted / 2);
        assertThat(run.accepted).describedAs("a loop that is kept busy").isGreaterThan(20 * 333 * 8 / 10);
        assertThat(Duration.ofNanos(run.longest)).isLessThan(Duration.ofMillis(400));
        run.arriving(10, Duration.ofSeconds(15));
        run.reset();
        run.arriving(250, Duration.ofSeconds(20));
        assertThat(run.refused).isZero();
        assertThat(Duration.ofNanos(run.longest)).isLessThan(Duration.ofMillis(20));
    }

    /** A loop with its own clock. */
    private static final class Simulation {
        private static final long TASK = Duration.ofMillis(1).toNanos();
        private static final long TICK = TASK / 10;
        private final Admission admission;
        private final Deque<long[]> queue = new ArrayDeque<>();
        private long now = Duration.ofSeconds(1).toNanos();
        private long busyUntil;
        int accepted;
        int refused;
        long longest;

        Simulation(Admission admission) {
            this.admission = admission;
        }

        void reset() {
            accepted = 0;
            refused = 0;
            longest = 0;
        }

        void arriving(int signupsPerSecond, Duration time) {
            long ticksBetween = Duration.ofSeconds(1).toNanos() / TICK / signupsPerSecond;
            long end = now + time.toNanos();
            for (int tick = 0; now < end; tick++) {
                now += TICK;
                if (tick % ticksBetween == 0) {
                    if (admission.overloaded() || admission.refusal().isPresent()) {
                        refused++;
                    } else {
                        queue.add(new long[] {now, now, 3});
                    }
                }
                serve();
            }
        }

        private void serve() {
            if (now < busyUntil || queue.isEmpty()) {
                return;
            }
            long[] task = queue.remove();
            busyUntil = now + TASK;
            admission.waited(now - task[1], now);
            if (--task[2] > 0) {
                task[1] = busyUntil;
                queue.add(task);
            } else {
                admission.left();
                accepted++;
                longest = Math.max(longest, now - task[0]);
            }
        }
    }

    private static Admission full(int underWay) {
        Admission admission = new Admission(underWay);
        for (int i = 0; i < underWay; i++) {
            assertThat(admission.refusal()).isEmpty();
        }
        assertThat(admission.refusal()).contains(Unavailability.OVERLOADED);
        return admission;
    }

    /** The first observation ends the window before; the last of these ends theirs. */
    private static void window(Admission admission, int number, int... waitMillis) {
        long began = Duration.ofSeconds(number).toNanos();
        for (int i = 0; i < waitMillis.length; i++) {
            boolean last = i == waitMillis.length - 1;
            admission.waited(
                    Duration.ofMillis(waitMillis[i]).toNanos(),
                    began + (last ? Duration.ofMillis(150).toNanos() : i));
        }
    }
}
