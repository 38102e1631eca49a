package org.brokerhandoff.router.handoff;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.brokerhandoff.custody.Answers.awaited;

import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.apache.avro.specific.SpecificRecord;
import org.brokerhandoff.custody.EraseReason;
import org.brokerhandoff.custody.KeyCustody;
import org.brokerhandoff.custody.LogPosition;
import org.brokerhandoff.custody.SlotView;
import org.brokerhandoff.event.BrokerLoad;
import org.brokerhandoff.event.Exclusion;
import org.brokerhandoff.event.ExclusionReason;
import org.brokerhandoff.event.Parked;
import org.brokerhandoff.event.ParkingReason;
import org.brokerhandoff.event.Postponed;
import org.brokerhandoff.router.Examples;
import org.brokerhandoff.router.deliver.Backoff;
import org.brokerhandoff.router.deliver.BrokerReply;
import org.brokerhandoff.router.deliver.Patience;
import org.brokerhandoff.router.deliver.ReconciliationClient;
import org.brokerhandoff.router.deliver.WebhookSignature;
import org.brokerhandoff.router.directory.Broker;
import org.brokerhandoff.router.domain.Assignment;
import org.brokerhandoff.router.domain.History;
import org.brokerhandoff.router.domain.Parking;
import org.brokerhandoff.router.domain.PendingSignup;
import org.junit.jupiter.api.Test;

/** Signups that wait parked, and those that may not. */
class HandoffParkingTest extends HandoffRuns {
    private HandoffParts impatient(int attempts) {
        return new HandoffParts(
                custody,
                DIRECTORY,
                network,
                InstantSource.system(),
                new Backoff(Duration.ofMillis(1), Duration.ofMillis(2)),
                new Patience(attempts),
                Duration.ofSeconds(3));
    }

    @Test
    void after_a_few_attempts_the_signup_is_parked_and_the_slot_names_the_copy() throws Exception {
        network.replies.addAll(List.of(LOST, bare(503), LOST));
        try (HandoffParts quick = impatient(3)) {
            assertThat(run(quick, signup, History.NONE)).isEqualTo(new HandoffEnd.MovedOn(signup));
            assertThat(network.asked).containsExactly("first", "first", "first");
            HandoffParts.Copy copy = quick.log.copies.get(0);
            assertThat(copy.parking().history().open())
                    .extracting(Assignment::broker)
                    .containsExactly("first");
            assertThat(awaited(custody.read(slot())).orElseThrow().position()).contains(LogPosition.inParked(2, 0));
            assertThat(quick.log.events(id)).last().isInstanceOfSatisfying(Parked.class, parked -> {
                assertThat(parked.getBroker()).isEqualTo("first");
                assertThat(parked.getReason()).isEqualTo(ParkingReason.ATTEMPTS_FAILED);
            });
        }
    }

    @Test
    void a_parked_signup_has_one_attempt_is_moved_on_and_says_that_it_is_parked_only_once() throws Exception {
        network.replies.add(LOST);
        try (HandoffParts quick = impatient(3)) {
            PendingSignup parked = Examples.parked(
                    signup,
                    new Parking(
                            0,
                            Optional.empty(),
                            History.NONE
                                    .assigned(new Assignment("second", 0, Instant.now()))
                                    .foundParked()));
            HandoffEnd end = run(quick, parked, parked.parking().orElseThrow().history());
            assertThat(end).isInstanceOf(HandoffEnd.MovedOn.class);
            assertThat(network.asked).containsExactly("second");
            assertThat(quick.log.events(id)).noneMatch(Parked.class::isInstance);
            assertThat(quick.log.copies).hasSize(1);
        }
    }

    @Test
    void a_wait_that_a_broker_asks_for_is_waited_out_parked() throws Exception {
        network.replies.add(new BrokerReply.Answered(503, Optional.empty(), Optional.of("20")));
        try (HandoffParts quick = impatient(3)) {
            Instant before = Instant.now();
            run(quick, signup, History.NONE);
            assertThat(network.asked).hasSize(1);
            assertThat(quick.log.copies.get(0).parking().notBefore().orElseThrow())
                    .isBetween(before.plusSeconds(19), Instant.now().plusSeconds(20));
        }
    }

    @Test
    void while_a_broker_is_down_its_signups_are_parked_without_an_attempt_and_one_that_is_back_is_found_out()
            throws Exception {
        network.replies.addAll(List.of(LOST, LOST, LOST, LOST, LOST));
        try (HandoffParts quick = impatient(5)) {
            run(quick, signup, History.NONE);
            int asked = network.asked.size();
            PendingSignup next = another();
            HandoffEnd end = run(quick, next, History.NONE);
            assertThat(end).isEqualTo(new HandoffEnd.MovedOn(next));
            assertThat(network.asked).hasSize(asked);
            List<SpecificRecord> events = quick.log.events(next.signupId());
            assertThat(events).hasSize(2);
            assertThat(events.get(0)).isInstanceOfSatisfying(Postponed.class, postponed -> {
                assertThat(postponed.getExclusions()).contains(new Exclusion("first", ExclusionReason.UNAVAILABLE));
                assertThat(postponed.getLoads()).containsExactly(new BrokerLoad("first", false, true, null, null));
            });
            assertThat(events.get(1)).isInstanceOfSatisfying(Parked.class, parked -> {
                assertThat(parked.getReason()).isEqualTo(ParkingReason.NO_BROKER_NOW);
                assertThat(parked.getBroker()).isNull();
            });
            await().atMost(Duration.ofSeconds(30)).until(() -> {
                PendingSignup later = another();
                return run(quick, later, History.NONE) instanceof HandoffEnd.Finished finished
                        && finished.slot().orElseThrow().reason().equals(Optional.of(EraseReason.DELIVERED));
            });
        }
    }

    /** The scan of erased slots may have found the slot before it knew of the copy; the purge must cover the copy all the same. */
    @Test
    void a_withdrawal_between_the_last_attempt_and_the_copy_leaves_a_purge_that_covers_the_parked_topic()
            throws Exception {
        network.replies.add(LOST);
        try (HandoffParts quick = impatient(1)) {
            quick.log.before = () -> {
                if (network.asked.size() == 1) {
                    custody.erase(slot(), id, EraseReason.WITHDRAWN)
                            .toCompletableFuture()
                            .join();
                }
            };
            assertThat(run(quick, signup, History.NONE))
                    .isInstanceOfSatisfying(
                            HandoffEnd.Finished.class,
                            finished -> assertThat(finished.parked()).isTrue());
        }
    }

    private PendingSignup another() {
        Instant expiry = Instant.now().plusSeconds(60);
        return HandoffParts.sealed(custody, UUID.randomUUID(), expiry, expiry.plusSeconds(60), "first");
    }

    @Test
    void a_retry_after_that_goes_beyond_the_expiry_is_waited_out_parked_and_not_cut_short() throws Exception {
        network.replies.add(new BrokerReply.Answered(503, Optional.empty(), Optional.of("999999999")));
        assertThat(run(History.NONE)).isEqualTo(new HandoffEnd.MovedOn(signup));
        assertThat(awaited(custody.read(slot())).orElseThrow().reason()).isEmpty();
    }

    @Test
    void a_router_that_has_lost_the_partition_parks_nothing_any_more() throws Exception {
        network.replies.add(LOST);
        try (HandoffParts quick = impatient(1)) {
            HandoffEnd end = quick.handoff
                    .run(signup, History.NONE, () -> network.asked.isEmpty())
                    .toCompletableFuture()
                    .get(30, TimeUnit.SECONDS);
            assertThat(end).isEqualTo(new HandoffEnd.Left(signup));
            assertThat(quick.log.copies).isEmpty();
            assertThat(quick.log.events(id)).noneMatch(Parked.class::isInstance);
        }
    }

    /** A damaged key, or one of an epoch that was not read yet: signups after it must not wait until it expires. */
    @Test
    void a_signup_whose_key_cannot_be_unwrapped_is_parked() throws Exception {
        KeyCustody keyless = (KeyCustody) Proxy.newProxyInstance(
                KeyCustody.class.getClassLoader(),
                new Class<?>[] {KeyCustody.class},
                (proxy, method, arguments) -> method.getName().equals("key")
                        ? CompletableFuture.completedFuture(Optional.empty())
                        : method.invoke(custody, arguments));
        try (HandoffParts unopened = new HandoffParts(
                keyless,
                DIRECTORY,
                network,
                InstantSource.system(),
                new Backoff(Duration.ofMillis(1), Duration.ofMillis(2)))) {
            assertThat(run(unopened, signup, History.NONE)).isEqualTo(new HandoffEnd.MovedOn(signup));
            assertThat(network.asked).isEmpty();
            assertThat(unopened.log.copies).hasSize(1);
            assertThat(awaited(custody.read(slot())).orElseThrow().reason()).isEmpty();
        }
    }

    @Test
    void a_signup_whose_key_went_during_its_last_attempt_is_not_parked() throws Exception {
        network.replies.add(LOST);
        network.beforeReply = () -> custody.erase(slot(), id, EraseReason.WITHDRAWN)
                .toCompletableFuture()
                .join();
        try (HandoffParts quick = impatient(1)) {
            assertThat(reason(run(quick, signup, History.NONE))).isEqualTo(EraseReason.WITHDRAWN);
            assertThat(quick.log.copies).isEmpty();
            // The log says that it is parked. A router that is started after the record was cut knows no more than the
            // slot.
            assertThat(quick.log.events(id)).last().isInstanceOf(Parked.class);
            assertThat(awaited(custody.read(slot())).flatMap(SlotView::position).map(LogPosition::parked))
                    .contains(true);
        }
    }

    /** As the other network; questions are answered from their own list. */
    private static final class AskedNetwork extends Network implements ReconciliationClient {
        final List<BrokerReply> answers = new ArrayList<>();

        @Override
        public synchronized CompletionStage<BrokerReply> ask(
                Broker broker, UUID signupId, WebhookSignature signature, Duration limit) {
            return CompletableFuture.completedFuture(answers.remove(0));
        }
    }

    @Test
    void a_broker_that_asks_for_time_when_it_is_asked_a_question_is_not_sent_the_handoff_instead() throws Exception {
        AskedNetwork asked = new AskedNetwork();
        asked.replies.add(LOST);
        asked.answers.add(new BrokerReply.Answered(429, Optional.empty(), Optional.of("3600")));
        Instant before = Instant.now();
        try (HandoffParts patient = new HandoffParts(
                custody,
                DIRECTORY,
                asked,
                InstantSource.system(),
                new Backoff(Duration.ofMillis(1), Duration.ofMillis(2)))) {
            patient.handoff
                    .run(signup, History.NONE, () -> true)
                    .toCompletableFuture()
                    .get(30, TimeUnit.SECONDS);
            assertThat(asked.asked).containsExactly("first");
            assertThat(asked.answers).isEmpty();
            assertThat(patient.log.copies)
                    .singleElement()
                    .satisfies(copy -> assertThat(copy.parking().notBefore())
                            .hasValueSatisfying(until -> assertThat(until).isAfter(before.plusSeconds(3_599))));
        }
    }
}
