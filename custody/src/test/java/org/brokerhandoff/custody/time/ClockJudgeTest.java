package org.brokerhandoff.custody.time;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClockJudgeTest {
    private static final UUID BOOT = new UUID(1, 1);
    private static final Instant NOON = Instant.parse("2026-11-28T12:00:00Z");
    private static final Duration TICK = Duration.ofMillis(250);

    /** A host whose true time is known to the test only, with a service that looks at its clocks four times a second. */
    private static final class Host {
        Instant truth = NOON;
        Duration sinceBoot = Duration.ofHours(5);
        UUID boot = BOOT;
        Duration wallError = Duration.ZERO;
        Optional<TimeMark> file = Optional.empty();
        Optional<TimeMark> own = Optional.empty();
        ClockState state = ClockJudge.start(reading(), file);
        final List<AppendObservation> appends = new ArrayList<>();
        final List<ClockResolution> resolutions = new ArrayList<>();

        /** A host that has been trusted for a while. */
        static Host trusted() {
            Host host = new Host();
            host.file = Optional.of(new TimeMark(BOOT, host.sinceBoot, host.truth, OptionalLong.empty()));
            host.restart();
            host.run(Duration.ofMinutes(1));
            assertThat(host.state.agrees()).isTrue();
            return host;
        }

        Host restart() {
            state = ClockJudge.start(reading(), file);
            own = Optional.empty();
            return this;
        }

        ClockReading reading() {
            return new ClockReading(truth.plus(wallError), boot, sinceBoot);
        }

        void pass(Duration time) {
            truth = truth.plus(time);
            sinceBoot = sinceBoot.plus(time);
        }

        void look() {
            state = ClockJudge.next(state, reading(), file.filter(mark -> !own.equals(Optional.of(mark))), appends);
            appends.clear();
            state.resolved().ifPresent(resolutions::add);
            if (state.agrees()) {
                own = Optional.of(state.mark());
                file = own;
            }
        }

        void run(Duration time) {
            for (Duration run = Duration.ZERO; run.compareTo(time) < 0; run = run.plus(TICK)) {
                pass(TICK);
                look();
            }
        }

        /** Sends a record to a broker whose clock has this error. */
        void publish(Duration brokerError) {
            ClockReading sent = reading();
            pass(Duration.ofMillis(3));
            Instant appended = truth.plus(brokerError);
            pass(Duration.ofMillis(3));
            appends.add(new AppendObservation(sent, reading(), appended));
        }

        void publishFor(Duration time, Duration brokerError) {
            for (Duration run = Duration.ZERO; run.compareTo(time) < 0; run = run.plusSeconds(1)) {
                publish(brokerError);
                run(Duration.ofSeconds(1));
            }
        }

        Duration error() {
            return Duration.between(truth, state.trusted());
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {11, 60, 40 * 60, 2 * 86_400, 400 * 86_400, -11, -60, -40 * 60, -2 * 86_400})
    void a_jump_moves_trusted_time_by_nothing_and_ends_when_the_clock_comes_back(long seconds) {
        Host host = Host.trusted();
        host.wallError = Duration.ofSeconds(seconds);
        host.run(Duration.ofSeconds(3));
        assertThat(host.state.verdict())
                .isInstanceOf(seconds > 0 ? ClockVerdict.SteppedAhead.class : ClockVerdict.SteppedBack.class);
        assertThat(host.state.verdict().difference()).isCloseTo(host.wallError, Duration.ofMillis(100));
        assertThat(host.state.expiryBound()).isEqualTo(host.state.trusted());
        assertThat(host.error().abs()).isLessThan(Duration.ofMillis(100));

        host.wallError = Duration.ZERO;
        host.run(TICK);
        assertThat(host.state.agrees()).isTrue();
        assertThat(host.resolutions).containsExactly(ClockResolution.CLOCK_RETURNED);
        assertThat(host.error().abs()).isLessThan(Duration.ofMillis(100));
    }

    @Test
    void while_a_clock_stands_back_time_goes_on_so_that_no_hold_is_prolonged() {
        Host host = Host.trusted();
        host.wallError = Duration.ofHours(-3);
        host.run(Duration.ofMinutes(30));
        assertThat(host.error().abs()).isLessThan(Duration.ofMillis(100));
        assertThat(host.state.agrees()).isFalse();
    }

    @Test
    void slewing_and_small_steps_are_followed_slowly_and_trip_nothing() {
        Random random = new Random(3);
        Host host = Host.trusted();
        for (int minute = 0; minute < 120; minute++) {
            // chrony slews by 8.3 % at most; ntpd steps by what is above 128 ms, a leap second is one second.
            Duration step = Duration.ofMillis(random.nextInt(-1000, 1001));
            host.wallError = host.wallError.plus(step).dividedBy(2);
            host.run(Duration.ofSeconds(20));
            assertThat(host.state.agrees()).as("minute %d", minute).isTrue();
        }
        host.wallError = Duration.ofSeconds(9);
        host.run(Duration.ofSeconds(5));
        assertThat(host.state.agrees()).isTrue();
        assertThat(host.error()).isLessThan(Duration.ofSeconds(1));
        host.run(Duration.ofMinutes(3));
        assertThat(host.error()).isCloseTo(host.wallError, Duration.ofMillis(50));
    }

    @Test
    void many_small_steps_do_not_add_up_to_a_jump() {
        Host host = Host.trusted();
        for (int i = 0; i < 100; i++) {
            host.wallError = host.wallError.plusSeconds(9);
            host.run(TICK);
        }
        assertThat(host.state.agrees()).isFalse();
        assertThat(host.error()).isLessThan(ClockJudge.TOLERANCE);
    }

    @Test
    void a_suspended_host_has_counted_the_time_on_its_boot_clock() {
        Host host = Host.trusted();
        host.pass(Duration.ofHours(7));
        host.look();
        assertThat(host.state.agrees()).isTrue();
        assertThat(host.error().abs()).isLessThan(Duration.ofMillis(100));
    }

    // ------------------------------------------------------------ agreement with Kafka

    @Test
    void a_broker_on_the_same_host_jumps_along_and_is_no_evidence() {
        Host host = Host.trusted();
        host.publishFor(Duration.ofSeconds(10), Duration.ZERO);
        host.wallError = Duration.ofMinutes(40);
        host.publishFor(Duration.ofMinutes(10), host.wallError);
        assertThat(host.state.verdict()).isInstanceOf(ClockVerdict.SteppedAhead.class);
        assertThat(host.error().abs()).isLessThan(Duration.ofMillis(100));
    }

    @ParameterizedTest
    @ValueSource(longs = {40 * 60, -40 * 60, 2 * 86_400})
    void nor_is_a_record_that_was_under_way_when_the_clock_jumped(long seconds) {
        Host host = Host.trusted();
        // Appended before the jump, acknowledged after it: it seems to come from another clock.
        ClockReading sent = host.reading();
        Instant appended = host.truth;
        host.wallError = Duration.ofSeconds(seconds);
        host.pass(Duration.ofMillis(5));
        host.appends.add(new AppendObservation(sent, host.reading(), appended));
        host.publishFor(Duration.ofMinutes(5), host.wallError);
        assertThat(host.state.agrees()).isFalse();
        assertThat(host.error().abs()).isLessThan(Duration.ofMillis(100));
    }

    @Test
    void a_broker_that_had_been_where_the_clock_jumps_to_is_believed_after_a_while() {
        // A virtual machine that stood still: neither of its clocks has counted.
        Host host = Host.trusted();
        host.publishFor(Duration.ofSeconds(10), Duration.ofHours(2));
        assertThat(host.state.agrees()).isTrue();
        assertThat(host.state.logDifference())
                .hasValueSatisfying(
                        difference -> assertThat(difference).isCloseTo(Duration.ofHours(2), Duration.ofSeconds(1)));
        host.wallError = Duration.ofHours(2); // NTP has found out
        host.publishFor(Duration.ofSeconds(50), Duration.ofHours(2));
        assertThat(host.state.agrees()).isFalse();
        host.publishFor(Duration.ofSeconds(30), Duration.ofHours(2));
        assertThat(host.resolutions).containsExactly(ClockResolution.LOG_AGREES);
        assertThat(host.error()).isCloseTo(Duration.ofHours(2), Duration.ofMillis(100));
    }

    @Test
    void a_broker_that_stays_where_trusted_time_is_keeps_the_doubt_up() {
        Host host = Host.trusted();
        host.wallError = Duration.ofMinutes(40);
        host.publishFor(Duration.ofMinutes(5), Duration.ZERO);
        assertThat(host.state.verdict()).isInstanceOf(ClockVerdict.SteppedAhead.class);
    }

    @Test
    void of_two_brokers_one_that_shares_the_clock_does_not_outvote_the_other() {
        Host host = Host.trusted();
        host.wallError = Duration.ofMinutes(40);
        for (int i = 0; i < 300; i++) {
            host.publishFor(Duration.ofSeconds(1), i % 20 == 0 ? Duration.ZERO : host.wallError);
        }
        assertThat(host.state.agrees()).isFalse();
        assertThat(host.error().abs()).isLessThan(Duration.ofMillis(100));
    }

    // ------------------------------------------------------------ starts

    @ParameterizedTest
    @ValueSource(longs = {40 * 60, 2 * 86_400, -40 * 60, -2 * 86_400})
    void a_clock_that_jumped_while_the_service_was_down_is_found_at_the_start(long seconds) {
        Host host = Host.trusted();
        host.pass(Duration.ofHours(30));
        host.wallError = Duration.ofSeconds(seconds);
        host.restart();
        assertThat(host.state.agrees()).isFalse();
        assertThat(host.state.confirmed()).isTrue();
        assertThat(host.error().abs()).isLessThan(Duration.ofMillis(100));
        host.wallError = Duration.ZERO;
        host.run(TICK);
        assertThat(host.state.agrees()).isTrue();
    }

    @Test
    void without_a_mark_nothing_is_destroyed_before_kafka_agrees() {
        Host host = new Host();
        host.wallError = Duration.ofDays(2);
        host.restart();
        assertThat(host.state.expiryBound()).isEqualTo(Instant.EPOCH);
        host.publishFor(Duration.ofMinutes(3), Duration.ZERO);
        assertThat(host.state.expiryBound()).isEqualTo(Instant.EPOCH);
        host.wallError = Duration.ZERO;
        host.publish(Duration.ZERO);
        host.look();
        assertThat(host.resolutions).containsExactly(ClockResolution.LOG_AGREES);
        assertThat(host.state.expiryBound()).isEqualTo(host.truth);
    }

    @Test
    void after_a_reboot_time_is_a_lower_bound_until_kafka_agrees() {
        Host host = Host.trusted();
        reboot(host, Duration.ofMinutes(4));
        assertThat(host.state.confirmed()).isFalse();
        assertThat(host.error()).isCloseTo(Duration.ofMinutes(-4), Duration.ofSeconds(1));
        host.publish(Duration.ZERO);
        host.look();
        assertThat(host.resolutions).containsExactly(ClockResolution.LOG_AGREES);
        assertThat(host.error().abs()).isLessThan(Duration.ofMillis(100));
    }

    @ParameterizedTest
    @ValueSource(longs = {16 * 60, 2 * 86_400, -60, -86_400})
    void after_a_reboot_a_broker_that_may_share_a_wrong_clock_is_not_enough(long seconds) {
        Host host = Host.trusted();
        host.wallError = Duration.ofSeconds(seconds);
        reboot(host, Duration.ofSeconds(1));
        host.publishFor(Duration.ofMinutes(5), host.wallError);
        assertThat(host.state.confirmed()).isFalse();
        assertThat(host.error()).isBetween(Duration.ofSeconds(-2), Duration.ZERO);
    }

    @Test
    void a_boot_clock_that_goes_back_within_a_boot_id_counts_as_a_reboot() {
        Host host = Host.trusted();
        host.sinceBoot = Duration.ofSeconds(10);
        host.restart();
        assertThat(host.state.confirmed()).isFalse();
    }

    private static void reboot(Host host, Duration away) {
        host.truth = host.truth.plus(away);
        host.sinceBoot = Duration.ofSeconds(20);
        host.boot = new UUID(2, 2);
        host.restart();
    }

    // ------------------------------------------------------------ operators and other processes

    @Test
    void an_operator_ends_a_doubt_and_is_named() {
        Host host = Host.trusted();
        host.wallError = Duration.ofDays(2);
        host.run(Duration.ofSeconds(3));
        host.file =
                Optional.of(new TimeMark(BOOT, host.sinceBoot, host.truth.plus(host.wallError), OptionalLong.of(1007)));
        host.run(TICK);
        assertThat(host.resolutions).containsExactly(ClockResolution.OPERATOR);
        assertThat(host.state.confirmedBy()).hasValue(1007);
        assertThat(host.error()).isCloseTo(Duration.ofDays(2), Duration.ofMillis(100));
    }

    @Test
    void a_word_about_another_time_or_an_earlier_boot_ends_nothing() {
        Host host = Host.trusted();
        host.wallError = Duration.ofDays(2);
        host.run(Duration.ofSeconds(3));
        host.file = Optional.of(new TimeMark(
                BOOT, host.sinceBoot, host.truth.plus(host.wallError).plusSeconds(60), OptionalLong.of(1007)));
        host.run(Duration.ofSeconds(1));
        assertThat(host.state.agrees()).isFalse();
        host.file = Optional.of(
                new TimeMark(new UUID(9, 9), host.sinceBoot, host.truth.plus(host.wallError), OptionalLong.of(1007)));
        host.run(Duration.ofSeconds(1));
        assertThat(host.state.agrees()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, -1})
    void a_step_at_the_edge_of_the_tolerance_does_not_flap(long sign) {
        Host host = Host.trusted();
        host.wallError = Duration.ofMillis(sign * 10_100);
        host.run(TICK);
        assertThat(host.state.agrees()).isFalse();
        for (int i = 0; i < 20; i++) {
            host.wallError = Duration.ofMillis(sign * (i % 2 == 0 ? 9_900 : 10_100));
            host.run(TICK);
            assertThat(host.state.agrees()).isFalse();
        }
        assertThat(host.resolutions).isEmpty();
        host.wallError = Duration.ofMillis(sign * 4_900);
        host.run(TICK);
        assertThat(host.resolutions).containsExactly(ClockResolution.CLOCK_RETURNED);
        assertThat(host.error().abs()).isLessThan(Duration.ofMillis(200));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, -1})
    void another_process_ends_a_doubt_with_what_it_trusts_and_not_with_what_the_common_clock_says(long sign) {
        Host host = Host.trusted();
        host.wallError = Duration.ofMillis(sign * 10_100);
        host.run(TICK);
        // It saw a little less than the tolerance, and trusts what it trusted before.
        host.file = Optional.of(new TimeMark(BOOT, host.sinceBoot, host.truth, OptionalLong.empty()));
        host.look();
        assertThat(host.state.agrees()).isFalse();

        // It has followed the clock for a while.
        host.file =
                Optional.of(new TimeMark(BOOT, host.sinceBoot, host.truth.plusSeconds(sign * 6), OptionalLong.empty()));
        host.look();
        assertThat(host.resolutions).containsExactly(ClockResolution.ANOTHER_PROCESS);
        assertThat(host.error()).isCloseTo(Duration.ofSeconds(sign * 6), Duration.ofMillis(300));
    }

    @Test
    void of_two_processes_that_trust_different_times_one_stops() {
        Host host = Host.trusted();
        host.file =
                Optional.of(new TimeMark(BOOT, host.sinceBoot, host.truth.minusSeconds(3600), OptionalLong.empty()));
        host.run(TICK);
        assertThat(host.state.verdict())
                .isInstanceOfSatisfying(
                        ClockVerdict.Unconfirmed.class,
                        unconfirmed ->
                                assertThat(unconfirmed.reason()).isEqualTo(ClockVerdict.Reason.PROCESSES_DISAGREE));
        assertThat(host.error()).isCloseTo(Duration.ofHours(-1), Duration.ofMillis(300));
    }
}
