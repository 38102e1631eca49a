package org.brokerhandoff.router.deliver;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificRecord;
import org.brokerhandoff.event.BrokerResumed;
import org.brokerhandoff.event.BrokerSuspended;
import org.brokerhandoff.event.ParkingReason;
import org.brokerhandoff.event.RandomId;
import org.brokerhandoff.event.RecipientKind;
import org.brokerhandoff.event.SuspensionReason;
import org.brokerhandoff.router.Examples;
import org.brokerhandoff.router.deliver.BrokerGuards.Admission;
import org.brokerhandoff.router.directory.Broker;
import org.brokerhandoff.router.directory.Connection;
import org.brokerhandoff.router.directory.Profile;
import org.junit.jupiter.api.Test;

/** Who may start an attempt, and when. */
class BrokerGuardsTest {
    private static final Instant START = Instant.parse("2026-11-22T13:00:00Z");
    private static final Duration SUSPENSION = Duration.ofMinutes(15);
    private static final Duration SOON = Duration.ofMillis(5);

    private final AtomicReference<Instant> now = new AtomicReference<>(START);
    private final List<SpecificRecord> events = new ArrayList<>();
    private final List<String> seen = new ArrayList<>();
    private final AtomicReference<PartitionShare> share = new AtomicReference<>(owning(0, 1, 2, 3));
    private final BrokerGuards guards = new BrokerGuards(
            new BrokerGuards.Times(Duration.ofSeconds(30), Duration.ofSeconds(8), SUSPENSION),
            share::get,
            now::get,
            new RandomId(new byte[16]),
            events::add,
            seen::add);

    /** These of four partitions, for long. */
    private static PartitionShare owning(Integer... partitions) {
        long since = System.nanoTime() - Duration.ofMinutes(1).toNanos();
        return new PartitionShare(
                Stream.of(partitions)
                        .map(partition -> new PartitionShare.Owned(partition, since))
                        .collect(Collectors.toSet()),
                4);
    }

    private static Broker limited(OptionalInt perSecond, OptionalInt concurrent) {
        Broker plain = Examples.broker("a");
        return new Broker(
                plain.id(),
                plain.name(),
                plain.countries(),
                plain.languages(),
                plain.transferBasis(),
                plain.privacyPolicy(),
                plain.endpoint(),
                plain.notices(),
                plain.secrets(),
                plain.priority(),
                plain.weight(),
                plain.local(),
                plain.status(),
                plain.terms(),
                Profile.of(RecipientKind.BROKER),
                new Connection(
                        Connection.Tls.PLAIN, new Connection.Limits(perSecond, concurrent), Optional.empty(), true),
                plain.fields());
    }

    private static BrokerReply answered(int status) {
        return new BrokerReply.Answered(status, Optional.empty(), Optional.empty());
    }

    private BrokerGuards.Permit admitted(Broker broker) {
        Admission admission = guards.admit(broker, false);
        assertThat(admission).isInstanceOf(Admission.Admitted.class);
        return ((Admission.Admitted) admission).permit();
    }

    private int answer(Broker broker, int status) {
        try (BrokerGuards.Permit permit = admitted(broker)) {
            return permit.answered(answered(status), SOON);
        }
    }

    @Test
    void no_more_attempts_run_at_once_than_the_broker_takes_and_a_place_comes_back() {
        Broker broker = limited(OptionalInt.empty(), OptionalInt.of(2));
        BrokerGuards.Permit first = admitted(broker);
        admitted(broker);
        assertThat(guards.admit(broker, false)).isInstanceOf(Admission.Busy.class);
        assertThat(guards.placesLeft("a")).isZero();
        first.close();
        first.close();
        assertThat(guards.placesLeft("a")).isEqualTo(1);
        admitted(broker);
        assertThat(guards.admit(broker, false)).isInstanceOf(Admission.Busy.class);
    }

    @Test
    void beyond_the_rate_attempts_wait_less_than_a_second_and_those_after_them_are_parked() {
        Broker broker = limited(OptionalInt.of(3), OptionalInt.empty());
        int waiting = 0;
        Admission last = guards.admit(broker, false);
        for (int i = 0; i < 20 && last instanceof Admission.Admitted admitted; i++) {
            assertThat(admitted.delay()).isLessThanOrEqualTo(Duration.ofSeconds(1));
            waiting += admitted.delay().isZero() ? 0 : 1;
            last = guards.admit(broker, false);
        }
        assertThat(waiting).isBetween(1, 6);
        assertThat(last).isEqualTo(new Admission.Refused(ParkingReason.BROKER_UNAVAILABLE));
    }

    @Test
    void of_the_rate_a_router_has_the_share_of_its_partitions() {
        Broker broker = limited(OptionalInt.of(100), OptionalInt.empty());
        share.set(owning(0));
        admitted(broker);
        assertThat(guards.startsLeft("a")).isEqualTo(24);
        share.set(owning());
        assertThat(guards.admit(broker, false)).isEqualTo(new Admission.Refused(ParkingReason.BROKER_UNAVAILABLE));
        assertThat(guards.startsLeft("a")).isZero();
        assertThat(guards.admit(Examples.broker("b"), false))
                .as("one without a limit")
                .isInstanceOf(Admission.Admitted.class);
    }

    @Test
    void what_waits_while_a_partition_goes_has_to_ask_again() {
        Broker broker = limited(OptionalInt.of(1), OptionalInt.empty());
        BrokerGuards.Permit first = admitted(broker);
        BrokerGuards.Permit second = admitted(broker);
        share.set(owning(0, 1, 2));
        assertThat(second.use()).isFalse();
        assertThat(first.use()).as("did not wait").isTrue();
    }

    @Test
    void limits_change_with_the_directory() {
        BrokerGuards.Permit before = admitted(limited(OptionalInt.empty(), OptionalInt.of(1)));
        Broker wider = limited(OptionalInt.empty(), OptionalInt.of(2));
        admitted(wider);
        before.close();
        assertThat(guards.placesLeft("a")).isEqualTo(1);
        admitted(Examples.broker("a"));
        assertThat(guards.placesLeft("a")).isNaN();
        assertThat(seen).containsExactly("a");
    }

    @Test
    void a_suspended_broker_gets_nothing_then_one_probe_and_is_back_when_that_is_answered() {
        Broker broker = Examples.broker("a");
        answer(broker, 410);
        guards.suspend("a", SuspensionReason.GONE, 410);
        guards.suspend("a", SuspensionReason.GONE, 410);
        assertThat(events).singleElement().isInstanceOfSatisfying(BrokerSuspended.class, suspended -> {
            assertThat(suspended.getStatus()).isEqualTo(410);
            assertThat(suspended.getUntil()).isEqualTo(START.plus(SUSPENSION));
        });
        assertThat(guards.admit(broker, false)).isEqualTo(new Admission.Refused(ParkingReason.BROKER_SUSPENDED));
        assertThat(guards.of("a").suspended()).isTrue();
        assertThat(guards.suspended()).containsOnlyKeys("a");
        now.set(START.plus(SUSPENSION));
        assertThat(guards.of("a").suspended()).isFalse();
        BrokerGuards.Permit probe = admitted(broker);
        assertThat(guards.admit(broker, false)).isEqualTo(new Admission.Refused(ParkingReason.BROKER_SUSPENDED));
        probe.answered(answered(200), SOON);
        probe.close();
        assertThat(events).last().isInstanceOf(BrokerResumed.class);
        admitted(broker);
        admitted(broker);
    }

    @Test
    void a_probe_that_fails_suspends_anew_and_one_that_comes_to_nothing_leaves_room_for_another() {
        Broker broker = Examples.broker("a");
        guards.suspend("a", SuspensionReason.GONE, 410);
        now.set(START.plus(SUSPENSION));
        admitted(broker).close();
        BrokerGuards.Permit lost = admitted(broker);
        lost.answered(new BrokerReply.NoReply(OptionalInt.empty()), SOON);
        lost.close();
        answer(broker, 410);
        guards.suspend("a", SuspensionReason.GONE, 410);
        assertThat(events).hasSize(2).allSatisfy(event -> assertThat(event).isInstanceOf(BrokerSuspended.class));
        assertThat(guards.admit(broker, false)).isEqualTo(new Admission.Refused(ParkingReason.BROKER_SUSPENDED));
    }

    @Test
    void answers_of_401_and_403_are_counted_until_another_answer_comes() {
        Broker broker = Examples.broker("a");
        assertThat(answer(broker, 401)).isEqualTo(1);
        assertThat(answer(broker, 403)).isEqualTo(2);
        assertThat(answer(broker, 500)).isEqualTo(2);
        assertThat(answer(broker, 422)).isZero();
        assertThat(answer(broker, 401)).isEqualTo(1);
    }

    @Test
    void a_breaker_that_opens_says_since_when_until_it_is_closed() {
        Broker broker = Examples.broker("a");
        for (int i = 0; i < 5; i++) {
            assertThat(guards.unavailableSince("a")).isEmpty();
            answer(broker, 500);
        }
        assertThat(guards.admit(broker, false)).isEqualTo(new Admission.Refused(ParkingReason.BROKER_UNAVAILABLE));
        assertThat(guards.of("a")).isEqualTo(new BrokerConditions.Condition(false, true));
        assertThat(guards.unavailableSince("a")).contains(START);
        assertThat(guards.breakerState("a")).isEqualTo(2);
    }

    private static BrokerSuspended suspended(Instant at, Instant until) {
        return BrokerSuspended.newBuilder()
                .setBroker("a")
                .setInstance(new RandomId(new byte[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16}))
                .setSuspendedAt(at)
                .setReason(SuspensionReason.GONE)
                .setStatus(410)
                .setUntil(until)
                .build();
    }

    private static BrokerResumed resumed(Instant at) {
        return BrokerResumed.newBuilder()
                .setBroker("a")
                .setInstance(new RandomId(new byte[16]))
                .setResumedAt(at)
                .build();
    }

    @Test
    void what_another_router_found_out_counts_until_its_time_is_over_and_then_one_attempt_finds_out() {
        guards.heard(suspended(START.minusSeconds(60), START.plusSeconds(60)));
        assertThat(guards.of("a").suspended()).isTrue();
        assertThat(guards.suspended()).containsKey("a");
        assertThat(guards.admit(Examples.broker("a"), false))
                .isEqualTo(new Admission.Refused(ParkingReason.BROKER_SUSPENDED));
        now.set(START.plusSeconds(61));
        assertThat(guards.admit(Examples.broker("a"), false)).isInstanceOf(Admission.Admitted.class);
        assertThat(guards.admit(Examples.broker("a"), false))
                .as("one attempt finds out")
                .isEqualTo(new Admission.Refused(ParkingReason.BROKER_SUSPENDED));
        assertThat(events).as("what was heard is not said again").isEmpty();
    }

    @Test
    void a_broker_that_another_router_found_well_is_asked_again() {
        guards.suspend("a", SuspensionReason.GONE, 410);
        guards.heard(resumed(START.minusSeconds(1)));
        assertThat(guards.of("a").suspended())
                .as("what was found well before it was suspended is not well since")
                .isTrue();
        guards.heard(resumed(START.plusSeconds(5)));
        assertThat(guards.of("a").suspended()).isFalse();
        assertThat(guards.admit(Examples.broker("a"), false)).isInstanceOf(Admission.Admitted.class);
    }

    @Test
    void a_router_that_reads_its_own_words_again_goes_on_with_the_attempt_that_finds_out() {
        guards.suspend("a", SuspensionReason.GONE, 410);
        BrokerSuspended own = (BrokerSuspended) events.get(0);
        now.set(START.plus(SUSPENSION).plusSeconds(1));
        assertThat(guards.admit(Examples.broker("a"), false)).isInstanceOf(Admission.Admitted.class);
        guards.heard(own);
        assertThat(guards.admit(Examples.broker("a"), false))
                .isEqualTo(new Admission.Refused(ParkingReason.BROKER_SUSPENDED));
    }

    @Test
    void a_clock_that_is_ahead_suspends_for_no_longer_than_a_suspension_lasts() {
        guards.heard(suspended(START.plusSeconds(86_400), START.plusSeconds(90_000)));
        assertThat(guards.of("a").suspended()).isTrue();
        now.set(START.plus(SUSPENSION).plusSeconds(1));
        assertThat(guards.of("a").suspended()).isFalse();
    }

    @Test
    void what_changed_since_the_suspension_may_have_mended_it_and_what_changed_before_has_not() {
        guards.heard(suspended(START.minusSeconds(60), START.plusSeconds(600)));
        guards.tryAgainIfSuspendedBefore(START.minusSeconds(120));
        assertThat(guards.of("a").suspended()).isTrue();
        guards.tryAgainIfSuspendedBefore(START.minusSeconds(30));
        assertThat(guards.admit(Examples.broker("a"), false)).isInstanceOf(Admission.Admitted.class);
    }
}
