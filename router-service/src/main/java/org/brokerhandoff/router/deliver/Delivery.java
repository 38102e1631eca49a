package org.brokerhandoff.router.deliver;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.core.IntervalBiFunction;
import io.github.resilience4j.core.functions.Either;
import io.github.resilience4j.retry.Retry;
import io.github.resilience4j.retry.RetryConfig;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.DoubleSupplier;
import org.brokerhandoff.custody.BrokerTag;
import org.brokerhandoff.custody.KeyCustody;
import org.brokerhandoff.custody.OfferOutcome;
import org.brokerhandoff.custody.PersonalData;
import org.brokerhandoff.custody.SlotReference;
import org.brokerhandoff.event.AttemptMade;
import org.brokerhandoff.event.AttemptOutcome;
import org.brokerhandoff.event.ParkingReason;
import org.brokerhandoff.router.directory.Broker;
import org.brokerhandoff.router.domain.Assignment;
import org.brokerhandoff.router.domain.PendingSignup;
import org.brokerhandoff.router.seal.Unsealing;
import org.brokerhandoff.schemas.SignupIds;

/**
 * Delivers a signup to the broker it is assigned to, again and again until the broker decides, the key is gone or the time is
 * over. Custody is asked before <em>every</em> attempt: the compare-and-set on the slot is what makes a withdrawal final, since
 * either it comes first and the attempt never starts, or the attempt comes first and the withdrawal knows.
 */
public final class Delivery {
    /** What the breaker, which counts throwables, is told of an attempt that the broker did not answer. Nobody throws it. */
    private static final class NotAnswered extends Exception {
        private static final long serialVersionUID = 1;

        NotAnswered() {
            super("the broker did not answer", null, false, false);
        }
    }

    private final KeyCustody custody;
    private final Unsealing unsealing;
    private final BrokerClient client;
    private final AttemptLog attempts;
    private final DeliverySettings settings;
    private final InstantSource clock;
    private final DoubleSupplier random;
    private final ScheduledExecutorService scheduler;
    private final Executor work;
    private final BrokerBreakers breakers;
    private final Retry retry;

    /** Records attempts that decided nothing. */
    @FunctionalInterface
    public interface AttemptLog {
        /** Publishes the attempt; the stage completes when it is acknowledged. */
        CompletionStage<?> record(AttemptMade attempt);
    }

    /**
     * Limits of delivery.
     *
     * @param attemptLimit longest time for one exchange
     * @param backoff waits between attempts
     * @param patience when a signup is parked
     * @param breakerPause how long a broker that is down is left alone
     */
    public record DeliverySettings(Duration attemptLimit, Backoff backoff, Patience patience, Duration breakerPause) {}

    /**
     * A delivery.
     *
     * @param random in [0, 1), for jitter
     * @param scheduler runs the waits between attempts
     * @param work runs unsealing and the request; custody's own thread must not
     */
    public Delivery(
            KeyCustody custody,
            Unsealing unsealing,
            BrokerClient client,
            AttemptLog attempts,
            DeliverySettings settings,
            InstantSource clock,
            DoubleSupplier random,
            ScheduledExecutorService scheduler,
            Executor work) {
        this.custody = custody;
        this.unsealing = unsealing;
        this.client = client;
        this.attempts = attempts;
        this.settings = settings;
        this.clock = clock;
        this.random = random;
        this.scheduler = scheduler;
        this.work = work;
        this.breakers = new BrokerBreakers(settings.breakerPause(), slow(settings.attemptLimit()));
        IntervalBiFunction<Attempt> interval = (tries, result) -> waitAfter(result);
        this.retry = Retry.of(
                "delivery",
                RetryConfig.<Attempt>custom()
                        // Time bounds the attempts, not their number: each knows whether another one fits before the
                        // expiry.
                        .maxAttempts(Integer.MAX_VALUE)
                        .intervalBiFunction(interval)
                        .retryOnResult(Attempt.Again.class::isInstance)
                        .retryOnException(failure -> false)
                        .build());
    }

    /** What is known of the brokers by the attempts made here. */
    public BrokerConditions conditions() {
        return broker -> new BrokerConditions.Condition(false, breakers.open(broker));
    }

    /**
     * Delivers until it is decided, or the signup has to be parked. Completes with anything but {@link Attempt.Again};
     * exceptionally if custody or the event log is lost.
     *
     * @param previous the broker that the slot may have been offered to before, since it refused
     * @param offeredBefore whether the slot was offered to {@code broker} before, so that it may have the signup
     * @param until when its hours or the window of its place end: no attempt starts then or later
     */
    public CompletionStage<Attempt> deliver(
            PendingSignup signup,
            Assignment assignment,
            Broker broker,
            BrokerTag previous,
            boolean offeredBefore,
            Optional<Instant> until) {
        Task task = new Task(
                signup,
                assignment,
                broker,
                previous,
                new AtomicBoolean(offeredBefore),
                new AtomicInteger(),
                until,
                breakers.of(broker.id()));
        return retry.executeCompletionStage(scheduler, () -> attempt(task));
    }

    /**
     * One delivery, over all its attempts.
     *
     * @param mayHaveIt whether an attempt may have reached the broker without our learning its answer
     * @param made attempts made in this delivery
     * @param until when no attempt may start any more
     */
    private record Task(
            PendingSignup signup,
            Assignment assignment,
            Broker broker,
            BrokerTag previous,
            AtomicBoolean mayHaveIt,
            AtomicInteger made,
            Optional<Instant> until,
            CircuitBreaker breaker) {}

    private static long waitAfter(Either<Throwable, Attempt> result) {
        return result.isRight() && result.get() instanceof Attempt.Again again
                // Resilience4j takes no wait of zero.
                ? Math.max(1, again.delay().toMillis())
                : 1;
    }

    private CompletionStage<Attempt> attempt(Task task) {
        PendingSignup signup = task.signup();
        // Read before the offer: an erasure that comes after the offer has a later time, so no event can say that an
        // attempt started after a withdrawal.
        Instant startedAt = clock.instant();
        if (!startedAt.isBefore(signup.keyExpiry())) {
            return CompletableFuture.completedFuture(new Attempt.OutOfTime());
        }
        if (task.until().filter(end -> !startedAt.isBefore(end)).isPresent()) {
            return CompletableFuture.completedFuture(new Attempt.OutOfWindow());
        }
        if (!task.breaker().tryAcquirePermission()) {
            return CompletableFuture.completedFuture(
                    new Attempt.Park(ParkingReason.BROKER_UNAVAILABLE, Optional.empty()));
        }
        // Whatever comes to nothing before the broker has answered or failed to, must not use the permission up: in a
        // half-open breaker there are only a few.
        AtomicBoolean told = new AtomicBoolean();
        return permitted(task, startedAt, told).whenComplete((result, failure) -> {
            if (!told.get()) {
                task.breaker().releasePermission();
            }
        });
    }

    private CompletionStage<Attempt> permitted(Task task, Instant startedAt, AtomicBoolean told) {
        PendingSignup signup = task.signup();
        SlotReference slot = new SlotReference(signup.slot(), signup.generation());
        BrokerTag tag = BrokerTag.of(task.broker().id());
        return custody.offer(slot, signup.signupId(), task.previous(), tag)
                .thenComposeAsync(
                        offer -> {
                            if (offer instanceof OfferOutcome.Offered offered) {
                                return transmit(task, offered.attempt(), startedAt, told);
                            } else if (offer instanceof OfferOutcome.Erased erased) {
                                return CompletableFuture.completedFuture(new Attempt.KeyErased(erased.view()));
                            }
                            return CompletableFuture.completedFuture(new Attempt.Superseded());
                        },
                        work);
    }

    private CompletionStage<Attempt> transmit(Task task, int number, Instant startedAt, AtomicBoolean told) {
        Duration left = Duration.between(clock.instant(), task.signup().keyExpiry());
        if (left.isNegative() || left.isZero()) {
            // The sync of the offer took what time there was.
            return CompletableFuture.completedFuture(new Attempt.OutOfTime());
        }
        Unsealing.Outcome opened = unsealing.open(task.signup());
        if (opened instanceof Unsealing.Outcome.KeyGone) {
            return CompletableFuture.completedFuture(new Attempt.Superseded());
        } else if (opened instanceof Unsealing.Outcome.Opened person) {
            Duration limit = left.compareTo(settings.attemptLimit()) < 0 ? left : settings.attemptLimit();
            long sentNanos = System.nanoTime();
            return send(task, person.person(), startedAt, limit).thenCompose(reply -> {
                told.set(true);
                tell(task.breaker(), reply, Duration.ofNanos(System.nanoTime() - sentNanos));
                return conclude(task, number, startedAt, reply);
            });
        }
        return CompletableFuture.completedFuture(new Attempt.Unopenable());
    }

    /**
     * With the usual limit of ten seconds, longer than the five for which a send to Kafka may block the event loop that the reply
     * arrives on: that is not the broker's slowness.
     */
    private static Duration slow(Duration attemptLimit) {
        return attemptLimit.multipliedBy(3).dividedBy(4);
    }

    /** A broker that answers is there, whatever it says of this signup, unless it says that it is not well itself. */
    private static void tell(CircuitBreaker breaker, BrokerReply reply, Duration took) {
        boolean there = reply instanceof BrokerReply.Answered answered && answered.status() < 500;
        if (there) {
            breaker.onSuccess(took.toMillis(), TimeUnit.MILLISECONDS);
        } else {
            breaker.onError(took.toMillis(), TimeUnit.MILLISECONDS, new NotAnswered());
        }
    }

    private CompletionStage<BrokerReply> send(Task task, PersonalData person, Instant startedAt, Duration limit) {
        PersonalData body;
        try (person) {
            body = HandoffRequest.body(
                    task.signup(), task.assignment(), person, task.broker().fields());
        }
        try {
            WebhookSignature signature = WebhookSignature.of(
                    task.signup().signupId().toString(),
                    startedAt,
                    body,
                    task.broker().secrets());
            return client.post(task.broker(), body, signature, limit);
        } catch (RuntimeException e) {
            body.wipe();
            throw e;
        }
    }

    private CompletionStage<Attempt> conclude(Task task, int number, Instant startedAt, BrokerReply reply) {
        Instant endedAt = clock.instant();
        DeliveryOutcome outcome =
                ReplyRules.outcome(reply, endedAt, task.mayHaveIt().get());
        if (outcome instanceof DeliveryOutcome.Deferred deferred) {
            AttemptOutcome kind =
                    reply instanceof BrokerReply.NotSent ? AttemptOutcome.NOT_SENT : AttemptOutcome.DEFERRED;
            return again(task, number, startedAt, endedAt, kind, deferred.status(), deferred.notBefore());
        } else if (outcome instanceof DeliveryOutcome.Unknown unknown) {
            task.mayHaveIt().set(true);
            return again(task, number, startedAt, endedAt, AttemptOutcome.UNKNOWN, unknown.status(), Optional.empty());
        }
        return CompletableFuture.completedFuture(new Attempt.Decided(number, startedAt, endedAt, outcome));
    }

    private CompletionStage<Attempt> again(
            Task task,
            int number,
            Instant startedAt,
            Instant endedAt,
            AttemptOutcome kind,
            OptionalInt status,
            Optional<Duration> notBefore) {
        PendingSignup signup = task.signup();
        int made = task.made().incrementAndGet();
        Duration delay = settings.backoff().delay(made, notBefore, random.getAsDouble());
        Attempt next;
        if (settings.patience().lasts(made, delay, signup.parking().isPresent())) {
            next = new Attempt.Again(delay);
        } else {
            next = new Attempt.Park(
                    notBefore.isPresent() ? ParkingReason.BROKER_ASKED_TO_WAIT : ParkingReason.ATTEMPTS_FAILED,
                    notBefore.map(endedAt::plus));
        }
        AttemptMade attempt = AttemptMade.newBuilder()
                .setSignupId(SignupIds.fixed(signup.signupId()))
                .setBroker(task.broker().id())
                .setAttempt(number)
                .setStartedAt(startedAt)
                .setEndedAt(endedAt)
                .setOutcome(kind)
                .setStatus(status.isPresent() ? status.getAsInt() : null)
                .build();
        return attempts.record(attempt).thenApply(acknowledged -> next);
    }
}
