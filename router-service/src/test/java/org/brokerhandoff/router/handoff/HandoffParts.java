package org.brokerhandoff.router.handoff;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import org.apache.avro.specific.SpecificRecord;
import org.brokerhandoff.custody.HoldOutcome;
import org.brokerhandoff.custody.KeyCustody;
import org.brokerhandoff.custody.PersonalData;
import org.brokerhandoff.custody.Sealer;
import org.brokerhandoff.event.NotSentReason;
import org.brokerhandoff.event.RandomId;
import org.brokerhandoff.event.SetAsideReason;
import org.brokerhandoff.eventlog.PublicationFailed;
import org.brokerhandoff.router.Examples;
import org.brokerhandoff.router.deliver.Backoff;
import org.brokerhandoff.router.deliver.BrokerClient;
import org.brokerhandoff.router.deliver.BrokerGuards;
import org.brokerhandoff.router.deliver.BrokerNotice;
import org.brokerhandoff.router.deliver.BrokerPing;
import org.brokerhandoff.router.deliver.BrokerReply;
import org.brokerhandoff.router.deliver.CorrectionClient;
import org.brokerhandoff.router.deliver.Delivery;
import org.brokerhandoff.router.deliver.DeliverySettings;
import org.brokerhandoff.router.deliver.PartitionShare;
import org.brokerhandoff.router.deliver.Patience;
import org.brokerhandoff.router.deliver.PingClient;
import org.brokerhandoff.router.deliver.ReconciliationClient;
import org.brokerhandoff.router.deliver.WebhookSignature;
import org.brokerhandoff.router.directory.Broker;
import org.brokerhandoff.router.directory.BrokerDirectory;
import org.brokerhandoff.router.domain.History;
import org.brokerhandoff.router.domain.Parking;
import org.brokerhandoff.router.domain.PendingSignup;
import org.brokerhandoff.router.journal.HistoryRules;
import org.brokerhandoff.router.lane.SingleThreadLane;
import org.brokerhandoff.router.seal.Unsealing;
import org.brokerhandoff.schemas.EventId;
import org.brokerhandoff.schemas.SealBinding;
import org.brokerhandoff.schemas.Topic;

/** A handoff over a real custody, with an event log in memory and whatever network the test writes. */
public final class HandoffParts implements AutoCloseable {
    private static final Duration SUSPENSION = Duration.ofSeconds(2);

    public final Log log = new Log();
    public final Handoff handoff;
    public final KeyCustody custody;
    /** What stands before the brokers, and what it says of them. */
    public final BrokerGuards guards;

    /** The version in force. */
    public volatile BrokerDirectory directory;

    /** Where brokers take notices. */
    public final Corrections corrections = new Corrections();

    public final List<SpecificRecord> announced = new CopyOnWriteArrayList<>();
    public final SingleThreadLane lane = new SingleThreadLane();

    public HandoffParts(
            KeyCustody custody, BrokerDirectory directory, BrokerClient client, InstantSource clock, Backoff backoff) {
        this(custody, directory, client, clock, backoff, new Patience(20), Duration.ofMillis(100));
    }

    public HandoffParts(
            KeyCustody custody,
            BrokerDirectory directory,
            BrokerClient client,
            InstantSource clock,
            Backoff backoff,
            Patience patience,
            Duration breakerPause) {
        this(
                custody,
                directory,
                client,
                clock,
                backoff,
                patience,
                breakerPause,
                PlaceBook.NONE,
                (broker, body, signature, limit) ->
                        CompletableFuture.completedFuture(new BrokerReply.NotSent(NotSentReason.UNREACHABLE)));
    }

    public HandoffParts(
            KeyCustody custody,
            BrokerDirectory directory,
            BrokerClient client,
            InstantSource clock,
            Backoff backoff,
            Patience patience,
            Duration breakerPause,
            PlaceBook places,
            PingClient ping) {
        this.custody = custody;
        this.directory = directory;
        FactRecorder facts = new FactRecorder(log, lane, Duration.ofMillis(1));
        guards = new BrokerGuards(
                new BrokerGuards.Times(breakerPause, Duration.ofMillis(1500), SUSPENSION),
                () -> new PartitionShare(Set.of(), 1),
                clock,
                new RandomId(new byte[16]),
                announced::add,
                broker -> {});
        Delivery delivery = new Delivery(
                new Delivery.Surroundings(
                        custody,
                        client,
                        client instanceof ReconciliationClient questions ? questions : HandoffParts::unanswered,
                        corrections,
                        facts::record,
                        guards,
                        () -> this.directory),
                new DeliverySettings(
                        Duration.ofSeconds(2), backoff, patience, breakerPause, Duration.ofMillis(500), SUSPENSION, 3),
                clock,
                () -> 0.5,
                lane);
        handoff = new Handoff(
                custody,
                delivery,
                log,
                new HandoffSurroundings(
                        () -> this.directory,
                        guards,
                        places,
                        new BrokerPing(ping, Duration.ofSeconds(2), clock, UUID::randomUUID)),
                clock,
                lane);
    }

    /** A broker that does not know the question. */
    private static CompletionStage<BrokerReply> unanswered(
            Broker broker, UUID signupId, WebhookSignature signature, Duration limit) {
        return CompletableFuture.completedFuture(new BrokerReply.Answered(405, Optional.empty(), Optional.empty()));
    }

    /** Takes corrections: answers from lists, then that it has them; notes what it was sent and asked. */
    public static final class Corrections implements CorrectionClient {
        public final List<BrokerReply> replies = new CopyOnWriteArrayList<>();
        public final List<BrokerReply> answers = new CopyOnWriteArrayList<>();
        public final List<String> bodies = new CopyOnWriteArrayList<>();
        public final List<String> webhookIds = new CopyOnWriteArrayList<>();
        public final List<BrokerNotice> asked = new CopyOnWriteArrayList<>();
        public volatile Runnable beforeReply = () -> {};

        @Override
        public CompletionStage<BrokerReply> post(
                Broker broker, PersonalData body, WebhookSignature signature, Duration limit) {
            bodies.add(body.<String>expose(bytes -> new String(bytes, StandardCharsets.UTF_8)));
            webhookIds.add(signature.id());
            body.wipe();
            beforeReply.run();
            return CompletableFuture.completedFuture(
                    replies.isEmpty()
                            ? new BrokerReply.Answered(200, Optional.of(BrokerReply.Verdict.ACCEPTED), Optional.empty())
                            : replies.remove(0));
        }

        @Override
        public CompletionStage<BrokerReply> ask(
                Broker broker, BrokerNotice correction, WebhookSignature signature, Duration limit) {
            asked.add(correction);
            return CompletableFuture.completedFuture(
                    answers.isEmpty()
                            ? new BrokerReply.Answered(404, Optional.of(BrokerReply.Verdict.UNKNOWN), Optional.empty())
                            : answers.remove(0));
        }
    }

    /** A copy in the parked topic. */
    public record Copy(UUID signupId, Parking parking) {}

    /** Topic {@code handoffs} in memory, which may refuse to acknowledge. */
    public static final class Log implements SignupLog {
        private final List<SpecificRecord> events = new ArrayList<>();
        /** The parked topic. */
        public final List<Copy> copies = new CopyOnWriteArrayList<>();

        public volatile Predicate<SpecificRecord> acknowledges = event -> true;
        public volatile Runnable before = () -> {};

        @Override
        public CompletionStage<?> record(UUID signupId, SpecificRecord event) {
            before.run();
            if (!acknowledges.test(event)) {
                return CompletableFuture.failedFuture(new PublicationFailed(Topic.HANDOFFS, "TimeoutException"));
            }
            synchronized (events) {
                events.add(event);
            }
            return CompletableFuture.completedFuture(null);
        }

        public List<SpecificRecord> events(UUID signupId) {
            synchronized (events) {
                return events.stream()
                        .filter(event ->
                                EventId.signup(event).filter(signupId::equals).isPresent())
                        .toList();
            }
        }

        @Override
        public CompletionStage<History> history(PendingSignup signup) {
            History history = History.NONE;
            for (SpecificRecord event : events(signup.signupId())) {
                history = HistoryRules.apply(history, event);
            }
            return CompletableFuture.completedFuture(history);
        }

        @Override
        public CompletionStage<Long> park(PendingSignup signup, History history, Optional<Instant> notBefore) {
            synchronized (events) {
                copies.add(new Copy(signup.signupId(), new Parking(copies.size(), notBefore, history)));
                return CompletableFuture.completedFuture(copies.size() - 1L);
            }
        }

        @Override
        public CompletionStage<Boolean> purged(PendingSignup signup) {
            return CompletableFuture.completedFuture(false);
        }

        @Override
        public CompletionStage<?> setAside(PendingSignup signup, SetAsideReason reason) {
            return CompletableFuture.completedFuture(null);
        }
    }

    /** A signup whose key is in {@code custody} and whose person is sealed with it. */
    public static PendingSignup sealed(
            KeyCustody custody, UUID signupId, Instant keyExpiry, Instant eraseBy, String... recipients) {
        HoldOutcome held =
                custody.hold(signupId, keyExpiry).toCompletableFuture().join();
        return sealed((HoldOutcome.Held) held, signupId, keyExpiry, eraseBy, recipients);
    }

    /** A correction of {@code concerns} whose key is in {@code custody} and whose person is sealed with it. */
    public static PendingSignup correction(
            KeyCustody custody, UUID id, UUID concerns, Instant keyExpiry, Instant eraseBy, String recipient) {
        HoldOutcome.Held held = (HoldOutcome.Held)
                custody.hold(id, keyExpiry).toCompletableFuture().join();
        PendingSignup unsealed = Examples.correction(
                Examples.signup(id, held.slot(), keyExpiry, eraseBy, new byte[0], recipient), concerns);
        SealBinding binding = Unsealing.binding(unsealed);
        byte[] sealed = Sealer.seal(
                held.key(),
                PersonalData.takeOver("{\"fullName\":\"Kari\"}".getBytes(StandardCharsets.UTF_8)),
                binding.form(),
                binding.associatedData());
        held.key().destroy();
        return Examples.correction(Examples.signup(id, held.slot(), keyExpiry, eraseBy, sealed, recipient), concerns);
    }

    /** A signup whose key is held, and whose person is sealed with it. */
    public static PendingSignup sealed(
            HoldOutcome.Held held, UUID signupId, Instant keyExpiry, Instant eraseBy, String... recipients) {
        SealBinding binding =
                Unsealing.binding(Examples.signup(signupId, held.slot(), keyExpiry, eraseBy, new byte[0], recipients));
        byte[] sealed = Sealer.seal(
                held.key(),
                PersonalData.takeOver("{\"fullName\":\"Kari\"}".getBytes(StandardCharsets.UTF_8)),
                SealBinding.FORM,
                binding.associatedData());
        held.key().destroy();
        return Examples.signup(signupId, held.slot(), keyExpiry, eraseBy, sealed, recipients);
    }

    @Override
    public void close() {
        lane.close();
    }
}
