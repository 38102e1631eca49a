package org.brokerhandoff.router.handoff;

import static org.assertj.core.api.Assertions.assertThat;
import static org.brokerhandoff.custody.Answers.awaited;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.avro.specific.SpecificRecord;
import org.brokerhandoff.custody.BrokerTag;
import org.brokerhandoff.custody.CustodySettings;
import org.brokerhandoff.custody.EraseReason;
import org.brokerhandoff.custody.FileKeyset;
import org.brokerhandoff.custody.LiftOutcome;
import org.brokerhandoff.custody.PersonalData;
import org.brokerhandoff.custody.RestrictOutcome;
import org.brokerhandoff.custody.SlotFile;
import org.brokerhandoff.custody.SlotReference;
import org.brokerhandoff.custody.SlotState;
import org.brokerhandoff.custody.SlotView;
import org.brokerhandoff.event.Assigned;
import org.brokerhandoff.event.AttemptMade;
import org.brokerhandoff.event.Delivered;
import org.brokerhandoff.event.Parked;
import org.brokerhandoff.event.ParkingReason;
import org.brokerhandoff.event.Refused;
import org.brokerhandoff.router.Examples;
import org.brokerhandoff.router.deliver.Backoff;
import org.brokerhandoff.router.deliver.BrokerClient;
import org.brokerhandoff.router.deliver.BrokerReply;
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

/** Signups whose processing the person has restricted, over a real slot file, at every point of a handoff. */
class RestrictionTest {
    private static final BrokerDirectory DIRECTORY =
            Examples.directory(Examples.broker("first", 1, 1), Examples.broker("second", 2, 1));
    private static final BrokerReply ACCEPTED =
            new BrokerReply.Answered(200, Optional.of(BrokerReply.Verdict.ACCEPTED), Optional.empty());
    private static final BrokerReply REJECTED =
            new BrokerReply.Answered(422, Optional.of(BrokerReply.Verdict.REJECTED), Optional.empty());
    private static final BrokerReply LOST = new BrokerReply.NoReply(OptionalInt.empty());

    @TempDir
    Path directory;

    private final Network network = new Network();
    private final UUID id = UUID.randomUUID();
    private SlotFile custody;
    private HandoffParts parts;
    private PendingSignup signup;

    /** Answers from lists, then accepts; notes what it was sent and what it was asked. */
    private static final class Network implements BrokerClient, ReconciliationClient {
        final List<BrokerReply> replies = new ArrayList<>();
        final List<BrokerReply> answers = new ArrayList<>();
        final List<String> sent = new ArrayList<>();
        final List<String> asked = new ArrayList<>();
        volatile Runnable beforeReply = () -> {};

        @Override
        public synchronized CompletionStage<BrokerReply> post(
                Broker broker, PersonalData body, WebhookSignature signature, Duration limit) {
            sent.add(broker.id());
            assertThat(body.<String>expose(bytes -> new String(bytes, StandardCharsets.UTF_8)))
                    .contains("Kari");
            body.wipe();
            beforeReply.run();
            return CompletableFuture.completedFuture(replies.isEmpty() ? ACCEPTED : replies.remove(0));
        }

        @Override
        public synchronized CompletionStage<BrokerReply> ask(
                Broker broker, UUID signupId, WebhookSignature signature, Duration limit) {
            asked.add(broker.id());
            return CompletableFuture.completedFuture(
                    answers.isEmpty()
                            ? new BrokerReply.Answered(200, Optional.of(BrokerReply.Verdict.UNKNOWN), Optional.empty())
                            : answers.remove(0));
        }
    }

    @BeforeEach
    void open() {
        custody = SlotFile.open(
                new CustodySettings(directory.resolve("slots"), 32, 32),
                FileKeyset.openOrCreate(directory.resolve("keyset")));
        parts = new HandoffParts(
                custody,
                DIRECTORY,
                network,
                InstantSource.system(),
                new Backoff(Duration.ofMillis(1), Duration.ofMillis(2)));
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

    private SlotReference slot() {
        return new SlotReference(signup.slot(), signup.generation());
    }

    private RestrictOutcome restrict() {
        return custody.restrict(slot(), id).toCompletableFuture().join();
    }

    private void lift() {
        assertThat(custody.lift(slot(), id).toCompletableFuture().join()).isInstanceOf(LiftOutcome.Lifted.class);
    }

    private HandoffEnd run(PendingSignup record, History history) throws Exception {
        return parts.handoff
                .run(record, history, () -> true)
                .toCompletableFuture()
                .get(30, TimeUnit.SECONDS);
    }

    /** As the router does when the copy is due. */
    private HandoffEnd runCopy() throws Exception {
        Parking parking = parts.log.copies.get(parts.log.copies.size() - 1).parking();
        return run(
                Examples.parked(signup, parking),
                parts.log.history(signup).toCompletableFuture().join());
    }

    private <T extends SpecificRecord> List<T> events(Class<T> kind) {
        return parts.log.events(id).stream()
                .filter(kind::isInstance)
                .map(kind::cast)
                .toList();
    }

    private static EraseReason reason(HandoffEnd end) {
        return ((HandoffEnd.Finished) end).slot().orElseThrow().reason().orElseThrow();
    }

    @Test
    void a_signup_that_is_restricted_before_the_router_sees_it_waits_without_a_decision_and_goes_on_when_it_is_lifted()
            throws Exception {
        restrict();
        assertThat(run(signup, History.NONE)).isInstanceOf(HandoffEnd.MovedOn.class);
        for (int look = 0; look < 3; look++) {
            assertThat(runCopy()).isInstanceOf(HandoffEnd.MovedOn.class);
        }
        assertThat(network.sent).isEmpty();
        assertThat(network.asked).isEmpty();
        assertThat(parts.log.events(id)).singleElement().isInstanceOfSatisfying(Parked.class, parked -> {
            assertThat(parked.getReason()).isEqualTo(ParkingReason.RESTRICTED);
            assertThat(parked.getBroker()).isNull();
        });
        assertThat(awaited(custody.read(slot())).orElseThrow().state()).isEqualTo(SlotState.HELD);

        lift();
        assertThat(reason(runCopy())).isEqualTo(EraseReason.DELIVERED);
        assertThat(network.sent).containsExactly("first");
    }

    @Test
    void a_restriction_between_the_decision_and_the_first_attempt_stops_it() throws Exception {
        AtomicReference<RestrictOutcome> outcome = new AtomicReference<>();
        parts.log.acknowledges = event -> {
            if (event instanceof Assigned) {
                outcome.set(restrict());
            }
            return true;
        };
        assertThat(run(signup, History.NONE)).isInstanceOf(HandoffEnd.MovedOn.class);
        assertThat(outcome.get()).isInstanceOf(RestrictOutcome.Restricted.class);
        assertThat(runCopy()).isInstanceOf(HandoffEnd.MovedOn.class);
        assertThat(network.sent).isEmpty();
        assertThat(events(Parked.class)).singleElement().satisfies(parked -> {
            assertThat(parked.getReason()).isEqualTo(ParkingReason.RESTRICTED);
            assertThat(parked.getBroker()).isEqualTo("first");
        });

        parts.log.acknowledges = event -> true;
        lift();
        assertThat(reason(runCopy())).isEqualTo(EraseReason.DELIVERED);
        assertThat(network.sent).containsExactly("first");
        assertThat(events(Assigned.class)).hasSize(1);
    }

    @Test
    void a_restricted_signup_can_be_withdrawn_and_expires_in_time_without_an_attempt() throws Exception {
        restrict();
        run(signup, History.NONE);
        custody.erase(slot(), id, EraseReason.WITHDRAWN).toCompletableFuture().join();
        assertThat(reason(runCopy())).isEqualTo(EraseReason.WITHDRAWN);
        assertThat(network.sent).isEmpty();

        signup = signup(Duration.ofMillis(300));
        restrict();
        assertThat(run(signup, History.NONE)).isInstanceOf(HandoffEnd.MovedOn.class);
        // The plan's time has milliseconds.
        while (Instant.now().isBefore(signup.keyExpiry().plusMillis(1))) {
            Thread.onSpinWait();
        }
        assertThat(reason(runCopy())).isEqualTo(EraseReason.EXPIRED);
        assertThat(network.sent).isEmpty();
    }

    /** The broker that refused must be notified of nothing, and the next one must not get what the person has restricted. */
    @Test
    void after_a_restriction_during_an_attempt_that_is_refused_no_other_broker_gets_the_signup() throws Exception {
        AtomicReference<RestrictOutcome> outcome = new AtomicReference<>();
        network.replies.add(REJECTED);
        network.beforeReply = () -> outcome.compareAndSet(null, restrict());
        assertThat(run(signup, History.NONE)).isInstanceOf(HandoffEnd.MovedOn.class);
        assertThat(outcome.get()).isInstanceOf(RestrictOutcome.HandoffStarted.class);
        assertThat(runCopy()).isInstanceOf(HandoffEnd.MovedOn.class);
        assertThat(network.sent).containsExactly("first");
        assertThat(events(Refused.class)).hasSize(1);

        lift();
        assertThat(reason(runCopy())).isEqualTo(EraseReason.DELIVERED);
        assertThat(network.sent).containsExactly("first", "second");
    }

    @Test
    void an_attempt_that_began_before_the_restriction_ends_as_it_would() throws Exception {
        network.beforeReply = () -> assertThat(restrict()).isInstanceOf(RestrictOutcome.HandoffStarted.class);
        assertThat(reason(run(signup, History.NONE))).isEqualTo(EraseReason.DELIVERED);
        assertThat(events(Delivered.class)).hasSize(1);
    }

    @Test
    void a_broker_that_may_have_a_restricted_signup_is_asked_and_not_sent_it_again() throws Exception {
        AtomicBoolean restricted = new AtomicBoolean();
        network.replies.add(LOST);
        network.beforeReply = () -> {
            if (restricted.compareAndSet(false, true)) {
                restrict();
            }
        };
        assertThat(run(signup, History.NONE)).isInstanceOf(HandoffEnd.MovedOn.class);
        assertThat(runCopy()).isInstanceOf(HandoffEnd.MovedOn.class);
        assertThat(network.sent).containsExactly("first");
        assertThat(network.asked).isNotEmpty().containsOnly("first");
        assertThat(events(AttemptMade.class)).hasSize(1);

        network.answers.add(ACCEPTED);
        assertThat(reason(runCopy())).isEqualTo(EraseReason.DELIVERED);
        assertThat(network.sent).containsExactly("first");
    }

    @Test
    void the_plan_of_a_restricted_signup_names_no_broker_that_may_not_have_it() {
        Instant now = Instant.now();
        Assignment toFirst = new Assignment("first", 0, now);
        for (History history : List.of(
                History.NONE,
                History.NONE.assigned(toFirst),
                History.NONE.assigned(toFirst).released("first"))) {
            SlotView slot = restricted(Examples.slot(id, SlotState.HELD, Optional.empty(), BrokerTag.NONE));
            assertThat(HandoffPlanner.next(signup, Optional.of(slot), history, Circumstances.of(DIRECTORY), now))
                    .isEqualTo(new Step.Park(history.assignment(), ParkingReason.RESTRICTED, Optional.empty()));
        }
        SlotView refused = restricted(Examples.slot(id, SlotState.OFFERED, Optional.empty(), BrokerTag.of("first")));
        assertThat(HandoffPlanner.next(
                        signup,
                        Optional.of(refused),
                        History.NONE
                                .assigned(toFirst)
                                .released("first")
                                .with(History.NONE.attempts().settledTo(1)),
                        Circumstances.of(DIRECTORY),
                        now))
                .isEqualTo(new Step.Park(Optional.empty(), ParkingReason.RESTRICTED, Optional.empty()));
    }

    private static SlotView restricted(SlotView slot) {
        return new SlotView(
                slot.reference(),
                slot.state(),
                slot.reason(),
                slot.broker(),
                slot.attempt(),
                slot.signupId(),
                slot.expiry(),
                Optional.empty(),
                slot.erasedAt(),
                slot.recorded(),
                true,
                Optional.empty());
    }
}
