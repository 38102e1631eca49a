package org.brokerhandoff.router.handoff;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.brokerhandoff.custody.Answers.awaited;

import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.avro.specific.SpecificRecord;
import org.brokerhandoff.custody.BrokerTag;
import org.brokerhandoff.custody.CustodySettings;
import org.brokerhandoff.custody.EraseReason;
import org.brokerhandoff.custody.FileKeyset;
import org.brokerhandoff.custody.KeyCustody;
import org.brokerhandoff.custody.LogPosition;
import org.brokerhandoff.custody.PersonalData;
import org.brokerhandoff.custody.SlotFile;
import org.brokerhandoff.custody.SlotReference;
import org.brokerhandoff.custody.SlotView;
import org.brokerhandoff.event.Assigned;
import org.brokerhandoff.event.AttemptMade;
import org.brokerhandoff.event.AttemptOutcome;
import org.brokerhandoff.event.BrokerLoad;
import org.brokerhandoff.event.Delivered;
import org.brokerhandoff.event.Exclusion;
import org.brokerhandoff.event.ExclusionReason;
import org.brokerhandoff.event.Parked;
import org.brokerhandoff.event.ParkingReason;
import org.brokerhandoff.event.Postponed;
import org.brokerhandoff.event.Refused;
import org.brokerhandoff.router.Examples;
import org.brokerhandoff.router.deliver.Backoff;
import org.brokerhandoff.router.deliver.BrokerClient;
import org.brokerhandoff.router.deliver.BrokerReply;
import org.brokerhandoff.router.deliver.Patience;
import org.brokerhandoff.router.deliver.ReconciliationClient;
import org.brokerhandoff.router.deliver.WebhookSignature;
import org.brokerhandoff.router.directory.Broker;
import org.brokerhandoff.router.directory.BrokerDirectory;
import org.brokerhandoff.router.domain.Assignment;
import org.brokerhandoff.router.domain.History;
import org.brokerhandoff.router.domain.Parking;
import org.brokerhandoff.router.domain.PendingSignup;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole handoffs over a real slot file, with a network that answers what the test wrote down. */
class HandoffTest {
    private static final BrokerDirectory DIRECTORY =
            Examples.directory(Examples.broker("first", 1, 1), Examples.broker("second", 2, 1));
    private static final BrokerReply ACCEPTED =
            new BrokerReply.Answered(200, Optional.of(BrokerReply.Verdict.ACCEPTED), Optional.empty());
    private static final BrokerReply LOST = new BrokerReply.NoReply(OptionalInt.empty());

    @TempDir
    Path directory;

    private final Network network = new Network();
    private SlotFile custody;
    private HandoffParts parts;
    private UUID id;
    private PendingSignup signup;

    /** Answers from a list, then accepts. */
    private static class Network implements BrokerClient {
        final List<BrokerReply> replies = new ArrayList<>();
        final List<String> asked = new ArrayList<>();
        final Set<String> bodies = new HashSet<>();
        volatile Runnable beforeReply = () -> {};

        @Override
        public synchronized CompletionStage<BrokerReply> post(
                Broker broker, PersonalData body, WebhookSignature signature, Duration limit) {
            asked.add(broker.id());
            bodies.add(body.expose(bytes -> new String(bytes, StandardCharsets.UTF_8)));
            body.wipe();
            beforeReply.run();
            return CompletableFuture.completedFuture(replies.isEmpty() ? ACCEPTED : replies.remove(0));
        }
    }

    @BeforeEach
    void open() {
        custody = SlotFile.open(
                new CustodySettings(directory.resolve("slots"), 1024, 1024),
                FileKeyset.openOrCreate(directory.resolve("keyset")));
        parts = new HandoffParts(
                custody,
                DIRECTORY,
                network,
                InstantSource.system(),
                new Backoff(Duration.ofMillis(1), Duration.ofMillis(2)));
        id = UUID.randomUUID();
        signup = signup(Duration.ofMinutes(10));
    }

    @AfterEach
    void close() {
        parts.close();
        custody.close();
    }

    private PendingSignup signup(Duration hold) {
        Instant expiry = Instant.now().plus(hold);
        return HandoffParts.sealed(custody, id, expiry, expiry.plusSeconds(60), "first", "second");
    }

    private HandoffEnd run(History history) throws Exception {
        return parts.handoff
                .run(signup, history, () -> true)
                .toCompletableFuture()
                .get(30, TimeUnit.SECONDS);
    }

    private static BrokerReply bare(int status) {
        return new BrokerReply.Answered(status, Optional.empty(), Optional.empty());
    }

    private static SlotView slot(HandoffEnd end) {
        return ((HandoffEnd.Finished) end).slot().orElseThrow();
    }

    private EraseReason reason(HandoffEnd end) {
        return slot(end).reason().orElseThrow();
    }

    @Test
    void a_refusal_by_status_alone_leads_on_while_nothing_was_lost() throws Exception {
        network.replies.add(bare(422));
        assertThat(reason(run(History.NONE))).isEqualTo(EraseReason.DELIVERED);
        assertThat(network.asked).containsExactly("first", "second");
    }

    /** The broker has stored it, its reply was lost, and now a proxy or its own idempotency check answers. */
    @Test
    void after_a_lost_reply_no_bare_status_sends_the_signup_to_a_second_broker() throws Exception {
        for (int status : new int[] {400, 409, 413, 415, 422}) {
            id = UUID.randomUUID();
            signup = signup(Duration.ofMinutes(10));
            network.asked.clear();
            network.replies.addAll(List.of(LOST, bare(status), bare(status)));
            assertThat(reason(run(History.NONE))).isEqualTo(EraseReason.DELIVERED);
            assertThat(network.asked).containsOnly("first").hasSize(4);
        }
    }

    @Test
    void after_a_crash_in_the_middle_of_an_attempt_no_bare_status_does_so_either() throws Exception {
        custody.offer(() -> true, slot(), id, 0, BrokerTag.of("first"))
                .toCompletableFuture()
                .join();
        network.replies.add(bare(409));
        run(History.NONE.assigned(new Assignment("first", 0, Instant.now())));
        assertThat(network.asked).containsExactly("first", "first");
    }

    @Test
    void the_contracts_rejection_leads_on_even_after_a_lost_reply() throws Exception {
        network.replies.addAll(List.of(
                LOST, new BrokerReply.Answered(422, Optional.of(BrokerReply.Verdict.REJECTED), Optional.empty())));
        run(History.NONE);
        assertThat(network.asked).containsExactly("first", "first", "second");
    }

    /** Kafka is away when the broker accepts: the fact is kept and recorded, and the person is not sent again. */
    @Test
    void an_acceptance_that_is_not_acknowledged_is_recorded_later_and_not_delivered_again() throws Exception {
        AtomicInteger refusals = new AtomicInteger(2);
        parts.log.acknowledges = event -> !(event instanceof Delivered) || refusals.getAndDecrement() <= 0;
        assertThat(reason(run(History.NONE))).isEqualTo(EraseReason.DELIVERED);
        assertThat(network.asked).containsExactly("first");
        assertThat(parts.log.events(id)).hasAtLeastOneElementOfType(Delivered.class);
    }

    /** As above, and the key goes meanwhile: that the broker has it must be in the log all the same. */
    @Test
    void an_acceptance_is_recorded_though_the_person_withdraws_before_kafka_is_back() throws Exception {
        AtomicInteger refusals = new AtomicInteger(2);
        parts.log.acknowledges = event -> {
            if (event instanceof Delivered && refusals.getAndDecrement() > 0) {
                var unused = custody.erase(slot(), id, EraseReason.WITHDRAWN);
                return false;
            }
            return true;
        };
        assertThat(reason(run(History.NONE))).isEqualTo(EraseReason.WITHDRAWN);
        assertThat(parts.log.events(id)).hasAtLeastOneElementOfType(Delivered.class);
    }

    @Test
    void every_attempt_is_in_the_log_though_kafka_did_not_acknowledge_at_once() throws Exception {
        AtomicInteger refusals = new AtomicInteger(3);
        parts.log.acknowledges = event -> !(event instanceof AttemptMade) || refusals.getAndDecrement() <= 0;
        network.replies.addAll(List.of(LOST, bare(503)));
        run(History.NONE);
        assertThat(parts.log.events(id))
                .filteredOn(AttemptMade.class::isInstance)
                .extracting(event -> ((AttemptMade) event).getOutcome())
                .containsExactly(AttemptOutcome.UNKNOWN, AttemptOutcome.DEFERRED);
    }

    @Test
    void an_assignment_that_is_not_acknowledged_is_recorded_before_anything_is_sent() throws Exception {
        AtomicInteger refusals = new AtomicInteger(1);
        parts.log.acknowledges = event -> refusals.getAndDecrement() <= 0;
        network.beforeReply = () -> assertThat(parts.log.events(id)).hasAtLeastOneElementOfType(Assigned.class);
        assertThat(reason(run(History.NONE))).isEqualTo(EraseReason.DELIVERED);
    }

    @Test
    void of_two_routers_that_decided_differently_both_reach_the_broker_that_the_slot_names() throws Exception {
        // The other router, with another directory, has decided for "second" and has offered.
        parts.log.record(id, assigned("second")).toCompletableFuture().join();
        custody.offer(() -> true, slot(), id, 0, BrokerTag.of("second"))
                .toCompletableFuture()
                .join();
        assertThat(reason(run(History.NONE.assigned(new Assignment("first", 0, Instant.now())))))
                .isEqualTo(EraseReason.DELIVERED);
        assertThat(network.asked).containsExactly("second");
        assertThat(parts.log.events(id)).filteredOn(Refused.class::isInstance).isEmpty();
    }

    @Test
    void every_attempt_sends_the_same_bytes_which_those_of_the_log_are() throws Exception {
        network.replies.add(LOST);
        run(History.NONE);
        Assigned recorded = (Assigned) parts.log.events(id).get(0);
        assertThat(network.bodies).hasSize(1);
        assertThat(network.bodies.iterator().next())
                .contains("\"assignedAt\":\""
                        + Instant.ofEpochMilli(recorded.getDecidedAt().toEpochMilli()) + "\"");
    }

    @Test
    void no_attempt_is_said_to_have_started_after_the_erasure_that_it_lost_to() throws Exception {
        network.replies.add(LOST);
        network.beforeReply = () -> {
            var unused = custody.erase(slot(), id, EraseReason.WITHDRAWN);
        };
        HandoffEnd end = run(History.NONE);
        Instant erasedAt = slot(end).erasedAt().orElseThrow();
        assertThat(parts.log.events(id))
                .filteredOn(AttemptMade.class::isInstance)
                .allSatisfy(event ->
                        assertThat(((AttemptMade) event).getStartedAt()).isBeforeOrEqualTo(erasedAt));
        assertThat(network.asked).hasSize(1);
    }

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

    private static HandoffEnd run(HandoffParts with, PendingSignup signup, History history) throws Exception {
        return with.handoff
                .run(signup, history, () -> true)
                .toCompletableFuture()
                .get(30, TimeUnit.SECONDS);
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

    @Test
    void a_router_that_has_lost_the_partition_chooses_no_broker_any_more() throws Exception {
        HandoffEnd end = parts.handoff
                .run(signup, History.NONE, () -> false)
                .toCompletableFuture()
                .get(30, TimeUnit.SECONDS);
        assertThat(end).isEqualTo(new HandoffEnd.Left(signup));
        assertThat(parts.log.events(id)).isEmpty();
        assertThat(network.asked).isEmpty();
    }

    /** As if a refusal came into the log behind an attempt of an owner that had not read of it: the slot counts one more. */
    @Test
    void a_refusal_does_not_end_what_was_sent_again_after_it() throws Exception {
        network.replies.add(bare(409));
        network.beforeReply = () -> {
            network.beforeReply = () -> {};
            custody.offer(() -> true, slot(), id, 1, BrokerTag.of("first"))
                    .toCompletableFuture()
                    .join();
        };
        assertThat(reason(run(History.NONE))).isEqualTo(EraseReason.DELIVERED);
        assertThat(network.asked).containsExactly("first", "first");
    }

    /** An attempt of the former owner whose outcome is unknown: the broker may still be busy with that request. */
    @Test
    void a_refusal_by_status_alone_counts_for_nothing_behind_an_attempt_whose_end_is_not_known() throws Exception {
        network.replies.add(bare(409));
        custody.offer(() -> true, slot(), id, 0, BrokerTag.of("first"))
                .toCompletableFuture()
                .join();
        Assignment assigned = new Assignment("first", 0, Instant.now().truncatedTo(ChronoUnit.MILLIS));
        assertThat(reason(run(History.NONE.assigned(assigned)))).isEqualTo(EraseReason.DELIVERED);
        assertThat(network.asked).containsExactly("first", "first");
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

    private SlotReference slot() {
        return new SlotReference(signup.slot(), signup.generation());
    }

    private Assigned assigned(String broker) {
        return HandoffEvents.assigned(
                signup,
                new org.brokerhandoff.routing.Decision.Assign(
                        DIRECTORY.facts(broker).orElseThrow(), List.of(), List.of()),
                0,
                Circumstances.of(DIRECTORY),
                Instant.now());
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

    /**
     * An attempt that was signed with the former secret may end after the change. The broker would not be tried again before the
     * suspension that it brings is over.
     */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void a_secret_that_is_replaced_while_it_is_refused_suspends_no_broker(int changedAt) throws Exception {
        network.replies.addAll(
                Collections.nCopies(changedAt, new BrokerReply.Answered(401, Optional.empty(), Optional.empty())));
        network.beforeReply = () -> {
            if (network.asked.size() == changedAt) {
                parts.directory = Examples.directory(Examples.broker("first", 1, 2), Examples.broker("second", 2, 1));
            }
        };
        run(History.NONE);
        assertThat(network.asked).hasSize(changedAt + 1).containsOnly("first");
        assertThat(parts.announced).isEmpty();
        assertThat(parts.log.events(id)).anyMatch(Delivered.class::isInstance);
        assertThat(parts.log.copies).isEmpty();
    }
}
