package org.brokerhandoff.router.deliver;

import io.github.resilience4j.core.IntervalBiFunction;
import io.github.resilience4j.retry.Retry;
import io.github.resilience4j.retry.RetryConfig;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;
import org.brokerhandoff.custody.BrokerTag;
import org.brokerhandoff.custody.KeyCustody;
import org.brokerhandoff.custody.OfferOutcome;
import org.brokerhandoff.custody.Ownership;
import org.brokerhandoff.custody.SlotReference;
import org.brokerhandoff.custody.SlotState;
import org.brokerhandoff.custody.SlotView;
import org.brokerhandoff.event.AttemptMade;
import org.brokerhandoff.event.AttemptOutcome;
import org.brokerhandoff.event.ParkingReason;
import org.brokerhandoff.event.ReconciliationAnswer;
import org.brokerhandoff.router.directory.Broker;
import org.brokerhandoff.router.directory.BrokerDirectory;
import org.brokerhandoff.router.domain.Assignment;
import org.brokerhandoff.router.domain.Attempts;
import org.brokerhandoff.router.domain.PendingSignup;
import org.brokerhandoff.router.lane.Lane;
import org.brokerhandoff.router.seal.Unsealing;

/**
 * Delivers a signup to the broker it is assigned to, again and again until the broker decides, the key is gone or the time is
 * over. Custody is asked before <em>every</em> attempt: the compare-and-set on the slot is what makes a withdrawal final, since
 * either it comes first and the attempt never starts, or the attempt comes first and the withdrawal knows. Everything runs in one lane.
 */
public final class Delivery {
    /** How soon a place that is taken is asked for again, and how often, before the signup is parked. */
    private static final Duration BUSY_PAUSE = Duration.ofMillis(100);

    private static final int BUSY_TRIES = 10;

    private final KeyCustody custody;
    private final Unsealing unsealing;
    private final Transmission transmission;
    private final Questions questions;
    private final AttemptLog log;
    private final DeliverySettings settings;
    private final OutcomeTable outcomes;
    private final InstantSource clock;
    private final DoubleSupplier random;
    private final Lane lane;
    private final BrokerGuards guards;
    private final Supplier<BrokerDirectory> directory;
    private final Retry retry;

    /**
     * What a delivery came to.
     *
     * @param attempt how it ended
     * @param attempts all that is known of attempts, with those of this delivery
     */
    public record Result(Attempt attempt, Attempts attempts) {}

    /**
     * To whom a signup is to be delivered.
     *
     * @param attempts how many the slot counts
     * @param offeredBefore whether something may have been sent to {@code broker} before, so that it may have the signup
     * @param until when its hours or the window of its place end: no attempt starts then or later
     */
    public record Order(
            Assignment assignment, Broker broker, int attempts, boolean offeredBefore, Optional<Instant> until) {}

    /**
     * What deliveries use of the outside.
     *
     * @param directory the version in force
     */
    public record Surroundings(
            KeyCustody custody,
            BrokerClient client,
            ReconciliationClient questions,
            CorrectionClient corrections,
            AttemptLog log,
            BrokerGuards guards,
            Supplier<BrokerDirectory> directory) {}

    /**
     * A delivery.
     *
     * @param random in [0, 1), for jitter
     * @param lane what all methods are called in, and all stages complete in
     */
    public Delivery(
            Surroundings surroundings,
            DeliverySettings settings,
            InstantSource clock,
            DoubleSupplier random,
            Lane lane) {
        this.custody = surroundings.custody();
        this.unsealing = new Unsealing(custody, lane);
        this.transmission = new Transmission(surroundings.client(), surroundings.corrections(), lane);
        this.log = surroundings.log();
        this.guards = surroundings.guards();
        this.directory = surroundings.directory();
        this.settings = settings;
        this.outcomes = new OutcomeTable(settings.backoff(), settings.patience(), settings.unauthorizedLimit());
        this.clock = clock;
        this.random = random;
        this.lane = lane;
        this.questions = new Questions(surroundings.questions(), surroundings.corrections(), log, clock, lane);
        // Resilience4j takes no wait of zero.
        IntervalBiFunction<Attempt> interval = (tries, result) -> result.get() instanceof Attempt.Again again
                ? Math.max(1, again.delay().toMillis())
                : 1;
        this.retry = Retry.of(
                "delivery",
                RetryConfig.<Attempt>custom()
                        // Time bounds the attempts, not their number: each knows whether another one
                        // fits before the expiry.
                        .maxAttempts(Integer.MAX_VALUE)
                        .intervalBiFunction(interval)
                        .retryOnResult(Attempt.Again.class::isInstance)
                        .retryOnException(failure -> false)
                        .build());
    }

    /** Time after the last attempt from which a broker's word that it does not know a signup is final. */
    public Duration nonReceiptAfter() {
        return settings.nonReceiptAfter();
    }

    /**
     * Delivers until it is decided, or the signup has to be parked. Completes with anything but {@link Attempt.Again};
     * exceptionally if custody or the event log is lost.
     *
     * @param ours whether this router still has the partition: no attempt begins once it has not
     */
    public CompletionStage<Result> deliver(PendingSignup signup, Order order, Attempts attempts, Ownership ours) {
        DeliveryTask task = new DeliveryTask(signup, order, attempts, ours);
        CompletableFuture<Result> result = new CompletableFuture<>();
        attempt(task, retry.asyncContext(), result);
        return result;
    }

    /** One future for all attempts, which may continue for days. */
    private void attempt(DeliveryTask task, Retry.AsyncContext<Attempt> tries, CompletableFuture<Result> result) {
        CompletionStage<Attempt> made;
        try {
            made = attempt(task);
        } catch (RuntimeException e) {
            made = CompletableFuture.failedFuture(e);
        }
        var unused = made.whenComplete((attempt, failure) -> {
            if (failure != null) {
                result.completeExceptionally(failure);
                return;
            }
            long waitMillis = tries.onResult(attempt);
            if (waitMillis < 0) {
                result.complete(new Result(attempt, task.attempts));
            } else {
                lane.after(Duration.ofMillis(waitMillis), () -> attempt(task, tries, result));
            }
        });
    }

    /** As {@link Questions#ask}, with the usual limit. */
    public CompletionStage<Reconciliation> ask(PendingSignup signup, Broker broker) {
        return questions
                .ask(signup, broker, clock.instant(), settings.attemptLimit())
                .thenApply(Questions.Answer::said);
    }

    private CompletionStage<Attempt> attempt(DeliveryTask task) {
        if (!task.ours.held()) {
            return CompletableFuture.completedFuture(new Attempt.PartitionGone());
        }
        if (outdated(task)) {
            return CompletableFuture.completedFuture(new Attempt.OutOfWindow());
        }
        if (!clock.instant().isBefore(task.signup.keyExpiry())) {
            return CompletableFuture.completedFuture(new Attempt.OutOfTime());
        }
        BrokerGuards.Admission admission =
                guards.admit(task.broker, task.signup.concerns().isPresent());
        if (admission instanceof BrokerGuards.Admission.Refused refused) {
            return CompletableFuture.completedFuture(new Attempt.Park(refused.reason(), Optional.empty()));
        } else if (admission instanceof BrokerGuards.Admission.Admitted admitted) {
            BrokerGuards.Permit permit = admitted.permit();
            return after(admitted.delay())
                    .thenCompose(waited -> permitted(task, permit))
                    .whenComplete((result, failure) -> permit.close());
        }
        return CompletableFuture.completedFuture(
                ++task.busy <= BUSY_TRIES
                        ? new Attempt.Again(BUSY_PAUSE)
                        : new Attempt.Park(ParkingReason.BROKER_UNAVAILABLE, Optional.empty()));
    }

    private CompletionStage<?> after(Duration wait) {
        CompletableFuture<Void> over = new CompletableFuture<>();
        if (wait.isZero()) {
            over.complete(null);
        } else {
            lane.after(wait, () -> over.complete(null));
        }
        return over;
    }

    private CompletionStage<Attempt> permitted(DeliveryTask task, BrokerGuards.Permit permit) {
        if (!permit.use()) {
            return CompletableFuture.completedFuture(new Attempt.Again(Duration.ZERO));
        }
        PendingSignup signup = task.signup;
        // Read before the offer: an erasure that comes after the offer has a later time, so no event can say that an
        // attempt started after a withdrawal.
        Instant startedAt = clock.instant();
        if (!startedAt.isBefore(signup.keyExpiry())) {
            return CompletableFuture.completedFuture(new Attempt.OutOfTime());
        }
        if (task.until.filter(end -> !startedAt.isBefore(end)).isPresent()) {
            return CompletableFuture.completedFuture(new Attempt.OutOfWindow());
        }
        return task.mayHaveIt ? reconcile(task, permit, startedAt) : offer(task, permit, startedAt);
    }

    /**
     * What the broker says that it has need not be sent again. The slot is read first: after an erasure no broker is asked, and what the
     * answer means is recorded with a time before it.
     */
    private CompletionStage<Attempt> reconcile(DeliveryTask task, BrokerGuards.Permit permit, Instant askedAt) {
        return offered(task)
                .thenCompose(slot -> slot.isPresent()
                        ? reconcile(task, permit, askedAt, slot.get().attempt())
                        // The offer says what has become of it.
                        : offer(task, permit, askedAt));
    }

    private CompletionStage<Attempt> reconcile(
            DeliveryTask task, BrokerGuards.Permit permit, Instant askedAt, int number) {
        PendingSignup signup = task.signup;
        long askedNanos = System.nanoTime();
        return questions
                .ask(signup, task.broker, askedAt, limit(signup, askedAt))
                .thenCompose(answered -> {
                    Reconciliation said = answered.said();
                    ReconciliationAnswer answer = said.answer().orElse(null);
                    if (answer == ReconciliationAnswer.ACCEPTED || answer == ReconciliationAnswer.REJECTED) {
                        permit.answered(answered.reply(), Duration.ofNanos(System.nanoTime() - askedNanos));
                        return CompletableFuture.completedFuture(
                                Attempt.Decided.of(number, task.assignment, said, answer));
                    }
                    if (answered.notBefore().isPresent()) {
                        // It would get the handoff itself no sooner than another question.
                        return CompletableFuture.completedFuture(
                                new Attempt.Park(ParkingReason.BROKER_ASKED_TO_WAIT, answered.notBefore()));
                    }
                    Instant now = clock.instant();
                    return now.isBefore(signup.keyExpiry())
                            ? offer(task, permit, now)
                            : CompletableFuture.completedFuture(new Attempt.OutOfTime());
                });
    }

    private CompletionStage<Attempt> offer(DeliveryTask task, BrokerGuards.Permit permit, Instant startedAt) {
        PendingSignup signup = task.signup;
        BrokerTag tag = BrokerTag.of(task.broker.id());
        return lane.arriving(custody.offer(
                        task.ours,
                        new SlotReference(signup.slot(), signup.generation()),
                        signup.signupId(),
                        task.counted,
                        tag))
                .thenCompose(offer -> {
                    if (offer instanceof OfferOutcome.Offered offered) {
                        task.counted = offered.attempt();
                        return transmit(task, permit, offered.attempt(), startedAt);
                    }
                    return CompletableFuture.completedFuture(Attempt.withoutOffer(offer));
                });
    }

    private CompletionStage<Attempt> transmit(
            DeliveryTask task, BrokerGuards.Permit permit, int number, Instant startedAt) {
        Duration left = Duration.between(clock.instant(), task.signup.keyExpiry());
        if (left.isNegative() || left.isZero()) {
            // The sync of the offer took what time there was.
            return CompletableFuture.completedFuture(new Attempt.OutOfTime());
        }
        return unsealing.open(task.signup).thenCompose(opened -> transmit(task, permit, number, startedAt, opened));
    }

    private CompletionStage<Attempt> transmit(
            DeliveryTask task, BrokerGuards.Permit permit, int number, Instant startedAt, Unsealing.Outcome opened) {
        if (opened instanceof Unsealing.Outcome.KeyGone) {
            return offered(task).thenApply(slot -> {
                if (slot.isEmpty()) {
                    return new Attempt.SlotChanged();
                }
                // The key is there and cannot be unwrapped. It may be again (an epoch that is not read yet);
                // until then, or until it expires, the signup must not hold up those behind it.
                task.attempts = task.attempts.with(number, clock.instant(), false);
                return new Attempt.Park(ParkingReason.ATTEMPTS_FAILED, Optional.empty());
            });
        } else if (opened instanceof Unsealing.Outcome.Opened person) {
            long sentNanos = System.nanoTime();
            return transmission
                    .send(task, person.person(), startedAt, limit(task.signup, clock.instant()))
                    .thenCompose(reply -> {
                        int unauthorized = permit.answered(reply, Duration.ofNanos(System.nanoTime() - sentNanos));
                        return conclude(task, number, startedAt, reply, unauthorized);
                    });
        }
        return CompletableFuture.completedFuture(new Attempt.Unopenable());
    }

    /** The slot, if it is offered to the task's broker. */
    private CompletionStage<Optional<SlotView>> offered(DeliveryTask task) {
        PendingSignup signup = task.signup;
        return lane.resumedAfter(custody.read(new SlotReference(signup.slot(), signup.generation())))
                .thenApply(slot -> slot.filter(view -> view.signupId().equals(signup.signupId())
                        && view.state() == SlotState.OFFERED
                        && view.broker().equals(BrokerTag.of(task.broker.id()))));
    }

    private Duration limit(PendingSignup signup, Instant now) {
        Duration left = Duration.between(now, signup.keyExpiry());
        return left.compareTo(settings.attemptLimit()) < 0 ? left : settings.attemptLimit();
    }

    private CompletionStage<Attempt> conclude(
            DeliveryTask task, int number, Instant startedAt, BrokerReply reply, int unauthorizedInRow) {
        Instant endedAt = clock.instant();
        int made = ++task.made;
        NextMove move = outcomes.after(
                reply,
                new OutcomeTable.Circumstances(
                        task.signup.concerns().isPresent(),
                        task.mayHaveIt,
                        made,
                        task.signup.parking().isPresent(),
                        unauthorizedInRow,
                        task.signup.keyExpiry()),
                endedAt,
                random.getAsDouble());
        boolean outdated = outdated(task);
        if (!outdated) {
            move.suspends()
                    .ifPresent(reason -> guards.suspend(
                            task.broker.id(),
                            reason,
                            reply instanceof BrokerReply.Answered answered ? answered.status() : 0));
        }
        if (move instanceof NextMove.Undecided undecided) {
            boolean sent = undecided.recorded() != AttemptOutcome.NOT_SENT;
            if (undecided.recorded() == AttemptOutcome.UNKNOWN) {
                task.mayHaveIt = true;
            }
            task.attempts = task.attempts.with(number, endedAt, sent);
            AttemptMade event = AttemptEvents.made(task, number, startedAt, endedAt, undecided, reply);
            // A refused secret that has been replaced meanwhile says nothing of the one in force.
            Attempt next = outdated && undecided instanceof NextMove.StopBroker
                    ? new Attempt.OutOfWindow()
                    : next(undecided, endedAt);
            return log.record(task.signup.signupId(), event).thenApply(acknowledged -> next);
        }
        return CompletableFuture.completedFuture(new Attempt.Decided(number, startedAt, endedAt, move));
    }

    /** Whether the directory says something else of the broker by now: its secrets, or how it is reached, or that it is gone. */
    private boolean outdated(DeliveryTask task) {
        return directory
                .get()
                .find(task.broker.id())
                .filter(task.broker::equals)
                .isEmpty();
    }

    private static Attempt next(NextMove.Undecided move, Instant now) {
        if (move instanceof NextMove.RetryAt retry) {
            return new Attempt.Again(Duration.between(now, retry.at()));
        } else if (move instanceof NextMove.Reconcile reconcile) {
            return new Attempt.Again(Duration.between(now, reconcile.at()));
        } else if (move instanceof NextMove.Park park) {
            return new Attempt.Park(park.reason(), park.notBefore());
        } else if (move instanceof NextMove.StopBroker) {
            return new Attempt.Park(ParkingReason.BROKER_SUSPENDED, Optional.empty());
        }
        throw new IllegalStateException("a new kind of move");
    }
}
