package org.brokerhandoff.router.handoff;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.brokerhandoff.custody.Answers.awaited;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.brokerhandoff.custody.BrokerTag;
import org.brokerhandoff.custody.CustodySettings;
import org.brokerhandoff.custody.EraseReason;
import org.brokerhandoff.custody.FileKeyset;
import org.brokerhandoff.custody.OfferOutcome;
import org.brokerhandoff.custody.PersonalData;
import org.brokerhandoff.custody.SlotFile;
import org.brokerhandoff.custody.SlotReference;
import org.brokerhandoff.custody.SlotView;
import org.brokerhandoff.event.AttemptMade;
import org.brokerhandoff.event.AttemptOutcome;
import org.brokerhandoff.event.BrokerResumed;
import org.brokerhandoff.event.BrokerSuspended;
import org.brokerhandoff.event.Delivered;
import org.brokerhandoff.event.NotSentReason;
import org.brokerhandoff.event.Reconciled;
import org.brokerhandoff.event.ReconciliationAnswer;
import org.brokerhandoff.event.ReleaseReason;
import org.brokerhandoff.event.Released;
import org.brokerhandoff.event.SuspensionReason;
import org.brokerhandoff.router.Examples;
import org.brokerhandoff.router.deliver.Backoff;
import org.brokerhandoff.router.deliver.BrokerClient;
import org.brokerhandoff.router.deliver.BrokerReply;
import org.brokerhandoff.router.deliver.Patience;
import org.brokerhandoff.router.deliver.ReconciliationClient;
import org.brokerhandoff.router.deliver.WebhookSignature;
import org.brokerhandoff.router.directory.Broker;
import org.brokerhandoff.router.domain.Assignment;
import org.brokerhandoff.router.domain.Attempts;
import org.brokerhandoff.router.domain.History;
import org.brokerhandoff.router.domain.Parking;
import org.brokerhandoff.router.domain.PendingSignup;
import org.brokerhandoff.router.journal.HistoryRules;
import org.brokerhandoff.schemas.EventId;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Another broker is asked only when it is certain that the first does not have the signup. */
class ReleaseTest {
    private static final BrokerReply LOST = new BrokerReply.NoReply(OptionalInt.empty());
    private static final BrokerReply NOT_SENT = new BrokerReply.NotSent(NotSentReason.UNREACHABLE);
    private static final BrokerReply ACCEPTED =
            new BrokerReply.Answered(200, Optional.of(BrokerReply.Verdict.ACCEPTED), Optional.empty());
    private static final BrokerReply NOT_KNOWN =
            new BrokerReply.Answered(404, Optional.of(BrokerReply.Verdict.UNKNOWN), Optional.empty());

    @TempDir
    Path directory;

    private final Network network = new Network();
    private SlotFile custody;
    private HandoffParts parts;
    private UUID id;
    private PendingSignup signup;

    /** First answers from lists, and only to these questions; second accepts. */
    private static final class Network implements BrokerClient, ReconciliationClient {
        final List<String> sent = new CopyOnWriteArrayList<>();
        final List<String> asked = new CopyOnWriteArrayList<>();
        final List<BrokerReply> replies = new ArrayList<>();
        volatile BrokerReply otherwise = LOST;
        volatile BrokerReply answer = NOT_KNOWN;
        volatile Runnable whenAsked = () -> {};

        @Override
        public synchronized CompletionStage<BrokerReply> post(
                Broker broker, PersonalData body, WebhookSignature signature, Duration limit) {
            body.wipe();
            sent.add(broker.id());
            BrokerReply reply =
                    broker.id().equals("second") ? ACCEPTED : replies.isEmpty() ? otherwise : replies.remove(0);
            return CompletableFuture.completedFuture(reply);
        }

        @Override
        public CompletionStage<BrokerReply> ask(
                Broker broker, UUID signupId, WebhookSignature signature, Duration limit) {
            asked.add(broker.id());
            whenAsked.run();
            return CompletableFuture.completedFuture(answer);
        }
    }

    @BeforeEach
    void open() {
        custody = SlotFile.open(
                new CustodySettings(directory.resolve("slots"), 64, 64),
                FileKeyset.openOrCreate(directory.resolve("keyset")));
        parts = new HandoffParts(
                custody,
                Examples.directory(Examples.broker("first", 1, 1), Examples.broker("second", 2, 1)),
                network,
                InstantSource.system(),
                new Backoff(Duration.ofMillis(1), Duration.ofMillis(2)),
                new Patience(2),
                Duration.ofSeconds(30));
        id = UUID.randomUUID();
        Instant expiry = Instant.now().plusSeconds(600);
        signup = HandoffParts.sealed(custody, id, expiry, expiry.plusSeconds(60), "first", "second");
    }

    @AfterEach
    void close() {
        parts.close();
        custody.close();
    }

    private HandoffEnd run(PendingSignup record, History history) throws Exception {
        return parts.handoff
                .run(record, history, () -> true)
                .toCompletableFuture()
                .get(30, TimeUnit.SECONDS);
    }

    /** The newest copy in the parked topic, as the next run takes it up. */
    private PendingSignup copy() {
        Parking newest = parts.log.copies.get(parts.log.copies.size() - 1).parking();
        return Examples.parked(signup, newest);
    }

    private HandoffEnd again() throws Exception {
        PendingSignup copy = copy();
        return run(copy, copy.parking().orElseThrow().history());
    }

    private <T> List<T> events(Class<T> type) {
        return parts.log.events(id).stream()
                .filter(type::isInstance)
                .map(type::cast)
                .toList();
    }

    private SlotReference slot() {
        return new SlotReference(signup.slot(), signup.generation());
    }

    private static EraseReason reason(HandoffEnd end) {
        return ((HandoffEnd.Finished) end).slot().orElseThrow().reason().orElseThrow();
    }

    private void suspendFirst() {
        parts.guards.suspend("first", SuspensionReason.GONE, 410);
    }

    @Test
    void nothing_was_ever_sent_to_a_broker_that_is_suspended_then_and_the_next_one_gets_it() throws Exception {
        network.otherwise = NOT_SENT;
        assertThat(run(signup, History.NONE)).isInstanceOf(HandoffEnd.MovedOn.class);
        suspendFirst();
        assertThat(reason(again())).isEqualTo(EraseReason.DELIVERED);
        assertThat(network.sent).endsWith("second");
        assertThat(network.asked).isEmpty();
        assertThat(events(Released.class))
                .singleElement()
                .satisfies(released -> assertThat(released.getReason()).isEqualTo(ReleaseReason.NOTHING_SENT));
    }

    @Test
    void a_broker_that_is_well_again_is_asked_again_and_nobody_else() throws Exception {
        network.replies.addAll(List.of(NOT_SENT, NOT_SENT));
        network.otherwise = ACCEPTED;
        assertThat(run(signup, History.NONE)).isInstanceOf(HandoffEnd.MovedOn.class);
        assertThat(reason(again())).isEqualTo(EraseReason.DELIVERED);
        assertThat(network.sent).containsOnly("first");
        assertThat(events(Released.class)).isEmpty();
    }

    /** The router died during the attempt, and starts long after the broker has closed or the hour of the place is over. */
    @Test
    void an_attempt_whose_outcome_is_found_out_later_counts_for_when_it_was_assigned() throws Exception {
        Instant decidedAt = Instant.now().minus(Duration.ofHours(3)).truncatedTo(ChronoUnit.MILLIS);
        custody.offer(() -> true, slot(), id, 0, BrokerTag.of("first"))
                .toCompletableFuture()
                .join();
        network.answer = ACCEPTED;
        assertThat(reason(run(signup, History.NONE.assigned(new Assignment("first", 0, decidedAt)))))
                .isEqualTo(EraseReason.DELIVERED);
        assertThat(network.sent).isEmpty();
        assertThat(events(Delivered.class))
                .singleElement()
                .satisfies(delivered -> assertThat(delivered.getStartedAt()).isEqualTo(decidedAt));
    }

    /** As an owner that dies before it records how the attempt ended. */
    private SlotView offerFirst() {
        int attempts = awaited(custody.read(slot())).orElseThrow().attempt();
        assertThat(custody.offer(() -> true, slot(), id, attempts, BrokerTag.of("first"))
                        .toCompletableFuture()
                        .join())
                .isInstanceOf(OfferOutcome.Offered.class);
        return awaited(custody.read(slot())).orElseThrow();
    }

    /** By an owner that had not read of the refusal, and that died before it could record what it had done. */
    @Test
    void what_was_sent_after_the_refusal_is_recorded_when_the_signup_is_found_withdrawn() throws Exception {
        Instant decidedAt = Instant.now().minusSeconds(5).truncatedTo(ChronoUnit.MILLIS);
        offerFirst();
        History refused = History.NONE
                .assigned(new Assignment("first", 0, decidedAt))
                .refused("first")
                .with(Attempts.NONE.settledTo(1));
        offerFirst();
        custody.erase(slot(), id, EraseReason.WITHDRAWN).toCompletableFuture().join();

        assertThat(reason(run(signup, refused))).isEqualTo(EraseReason.WITHDRAWN);
        assertThat(network.sent).isEmpty();
        assertThat(events(AttemptMade.class)).singleElement().satisfies(made -> {
            assertThat(made.getBroker()).isEqualTo("first");
            assertThat(made.getAttempt()).isEqualTo(2);
            assertThat(made.getOutcome()).isEqualTo(AttemptOutcome.UNKNOWN);
            assertThat(made.getStartedAt()).isEqualTo(decidedAt);
        });
        // Looked at again, by a router that has read that event or not: it is the same fact.
        History told = HistoryRules.apply(refused, events(AttemptMade.class).get(0));
        run(signup, told);
        assertThat(events(AttemptMade.class)).hasSize(1);
        run(signup, refused);
        assertThat(events(AttemptMade.class)).hasSize(2);
        assertThat(EventId.of(events(AttemptMade.class).get(0)))
                .isEqualTo(EventId.of(events(AttemptMade.class).get(1)));
    }

    @Test
    void a_withdrawn_signup_that_was_not_sent_again_after_the_refusal_has_no_attempt_recorded() throws Exception {
        offerFirst();
        History refused = History.NONE
                .assigned(new Assignment("first", 0, Instant.now().truncatedTo(ChronoUnit.MILLIS)))
                .refused("first")
                .with(Attempts.NONE.settledTo(1));
        custody.erase(slot(), id, EraseReason.WITHDRAWN).toCompletableFuture().join();
        assertThat(reason(run(signup, refused))).isEqualTo(EraseReason.WITHDRAWN);
        assertThat(events(AttemptMade.class)).isEmpty();
    }

    @Test
    void what_may_have_arrived_is_released_only_after_the_broker_said_later_that_it_does_not_know_it()
            throws Exception {
        assertThat(run(signup, History.NONE)).isInstanceOf(HandoffEnd.MovedOn.class);
        suspendFirst();
        // Too early to be final: a request may still be on its way.
        assertThat(again()).isInstanceOf(HandoffEnd.MovedOn.class);
        assertThat(events(Released.class)).isEmpty();
        assertThat(events(Reconciled.class)).isNotEmpty();
        await().atMost(Duration.ofSeconds(20)).until(() -> {
            suspendFirst();
            return again() instanceof HandoffEnd.Finished;
        });
        assertThat(network.sent).endsWith("second").filteredOn("second"::equals).hasSize(1);
        List<AttemptMade> attempts = events(AttemptMade.class);
        Instant lastEnd = attempts.get(attempts.size() - 1).getEndedAt();
        Reconciled last = events(Reconciled.class).get(events(Reconciled.class).size() - 1);
        assertThat(last.getAnswer()).isEqualTo(ReconciliationAnswer.NOT_RECEIVED);
        assertThat(last.getAskedAt()).isAfter(lastEnd.plus(Duration.ofMillis(500)));
        assertThat(events(Released.class))
                .singleElement()
                .satisfies(released -> assertThat(released.getReason()).isEqualTo(ReleaseReason.NOT_RECEIVED));
    }

    @Test
    void a_request_that_arrives_late_is_found_by_the_question_and_nobody_else_gets_the_signup() throws Exception {
        assertThat(run(signup, History.NONE)).isInstanceOf(HandoffEnd.MovedOn.class);
        suspendFirst();
        assertThat(again()).isInstanceOf(HandoffEnd.MovedOn.class);
        network.answer = ACCEPTED;
        suspendFirst();
        assertThat(reason(again())).isEqualTo(EraseReason.DELIVERED);
        assertThat(network.sent).containsOnly("first");
    }

    @Test
    void a_broker_that_does_not_answer_the_question_keeps_the_signup_however_long_it_is_suspended() throws Exception {
        network.answer = new BrokerReply.Answered(410, Optional.empty(), Optional.empty());
        assertThat(run(signup, History.NONE)).isInstanceOf(HandoffEnd.MovedOn.class);
        Instant end = Instant.now().plusMillis(1500);
        while (Instant.now().isBefore(end)) {
            suspendFirst();
            assertThat(again()).isInstanceOf(HandoffEnd.MovedOn.class);
        }
        assertThat(events(Released.class)).isEmpty();
        assertThat(network.sent).doesNotContain("second");
    }

    /** An attempt that its owner, which was killed, has not recorded: its outcome is unknown. */
    @Test
    void an_attempt_that_the_log_does_not_have_forbids_the_release() throws Exception {
        network.otherwise = NOT_SENT;
        network.answer = LOST;
        assertThat(run(signup, History.NONE)).isInstanceOf(HandoffEnd.MovedOn.class);
        offerFirst();
        suspendFirst();
        assertThat(again()).isInstanceOf(HandoffEnd.MovedOn.class);
        assertThat(events(Released.class)).isEmpty();
        assertThat(network.sent).doesNotContain("second");
    }

    @Test
    void a_withdrawal_during_the_last_question_is_not_followed_by_a_release() throws Exception {
        assertThat(run(signup, History.NONE)).isInstanceOf(HandoffEnd.MovedOn.class);
        await().atMost(Duration.ofSeconds(20)).until(() -> {
            suspendFirst();
            Instant lastEnd = copy().parking()
                    .orElseThrow()
                    .history()
                    .attempts()
                    .lastEndedAt()
                    .orElseThrow();
            network.whenAsked = () -> {
                if (Instant.now().isAfter(lastEnd.plusMillis(500))) {
                    var unused = custody.erase(slot(), id, EraseReason.WITHDRAWN);
                }
            };
            return again() instanceof HandoffEnd.Finished;
        });
        assertThat(events(Released.class)).isEmpty();
        assertThat(network.sent).doesNotContain("second");
        assertThat(awaited(custody.read(slot())).orElseThrow().broker()).isEqualTo(BrokerTag.of("first"));
    }

    /** Routers without leases wrote that no broker has the slot before they released a signup. */
    @Test
    void a_slot_that_was_taken_back_by_a_router_of_before_goes_on_with_the_same_broker() throws Exception {
        network.otherwise = NOT_SENT;
        assertThat(run(signup, History.NONE)).isInstanceOf(HandoffEnd.MovedOn.class);
        custody.offer(
                        () -> true,
                        slot(),
                        id,
                        awaited(custody.read(slot())).orElseThrow().attempt(),
                        BrokerTag.TAKEN_BACK)
                .toCompletableFuture()
                .join();
        network.otherwise = ACCEPTED;
        assertThat(reason(again())).isEqualTo(EraseReason.DELIVERED);
        assertThat(network.sent).containsOnly("first");
    }

    @Test
    void what_was_offered_to_nobody_is_released_at_once() throws Exception {
        suspendFirst();
        History assigned =
                History.NONE.assigned(new Assignment("first", 0, Instant.now().truncatedTo(ChronoUnit.MILLIS)));
        assertThat(reason(run(signup, assigned))).isEqualTo(EraseReason.DELIVERED);
        assertThat(network.sent).containsExactly("second");
        assertThat(network.asked).isEmpty();
        Released released = events(Released.class).get(0);
        assertThat(released.getAttempts()).isZero();
        History read = HistoryRules.apply(assigned, released);
        assertThat(read.attempts().settled()).isZero();
        // A repeat that comes behind the next broker's attempt settles nothing of that.
        History sent = read.with(read.attempts().with(1, Instant.now(), true));
        assertThat(HistoryRules.apply(sent, released)).isEqualTo(sent);
    }

    @Test
    void a_broker_is_suspended_after_repeated_401_and_asked_by_one_attempt_when_the_time_is_over() throws Exception {
        network.otherwise = new BrokerReply.Answered(401, Optional.empty(), Optional.empty());
        network.answer = network.otherwise;
        assertThat(run(signup, History.NONE)).isInstanceOf(HandoffEnd.MovedOn.class);
        assertThat(parts.announced).isEmpty();
        assertThat(again()).isInstanceOf(HandoffEnd.MovedOn.class);
        assertThat(parts.announced).singleElement().isInstanceOfSatisfying(BrokerSuspended.class, suspended -> {
            assertThat(suspended.getBroker()).isEqualTo("first");
            assertThat(suspended.getReason()).isEqualTo(SuspensionReason.UNAUTHORIZED);
            assertThat(suspended.getStatus()).isEqualTo(401);
        });
        int sent = network.sent.size();
        assertThat(again()).isInstanceOf(HandoffEnd.MovedOn.class);
        assertThat(network.sent).hasSize(sent);
        network.otherwise = ACCEPTED;
        await().atMost(Duration.ofSeconds(20)).until(() -> again() instanceof HandoffEnd.Finished);
        assertThat(parts.announced).last().isInstanceOf(BrokerResumed.class);
        assertThat(network.sent).containsOnly("first");
    }
}
