package org.brokerhandoff.router.deliver;

import io.github.resilience4j.bulkhead.Bulkhead;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.apache.avro.specific.SpecificRecord;
import org.brokerhandoff.event.BrokerResumed;
import org.brokerhandoff.event.BrokerSuspended;
import org.brokerhandoff.event.ParkingReason;
import org.brokerhandoff.event.RandomId;
import org.brokerhandoff.event.SuspensionReason;
import org.brokerhandoff.router.directory.Broker;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What stands before each broker: a circuit breaker, its limits, its suspension. An attempt that may not start now is not made to wait
 * in a queue: it starts within a second, or its signup is parked. While a broker is down, its signups are parked without an attempt,
 * which would take its time-out and hold up the purges behind it. When the pause is over, a few attempts find out whether it is back,
 * and only their success lets the rest through: what has piled up does not come all at once. Thread-safe.
 */
public final class BrokerGuards implements BrokerConditions {
    private static final Logger LOG = LoggerFactory.getLogger(BrokerGuards.class);
    /** A broker that fails every other time is still worth its attempts; one that fails four times in five is not. */
    private static final float FAILURE_PERCENTAGE = 80;

    private static final int WINDOW_ATTEMPTS = 20;
    private static final int FEWEST_ATTEMPTS = 5;
    private static final int PROBES = 3;

    private final CircuitBreakerConfig breakerConfiguration;
    private final Duration suspension;
    private final Supplier<PartitionShare> share;
    private final InstantSource clock;
    private final RandomId instance;
    private final Consumer<SpecificRecord> events;
    private final Consumer<String> firstSeen;
    private final Map<String, Guard> guards = new ConcurrentHashMap<>();

    /**
     * How long what lasts.
     *
     * @param pause how long a broker is left alone whose breaker is open
     * @param slow an attempt that takes longer counts as a failure, whatever it comes to: it holds a place that others need
     * @param suspension how long a broker is suspended
     */
    public record Times(Duration pause, Duration slow, Duration suspension) {}

    /**
     * Guards.
     *
     * @param share how much of what a broker takes of all routers in a second is this one's; asked whenever an attempt is to start
     * @param instance names this router in events
     * @param events takes {@code BrokerSuspended} and {@code BrokerResumed}, to be recorded
     * @param firstSeen is told each broker once, so that it can be shown in metrics
     */
    public BrokerGuards(
            Times times,
            Supplier<PartitionShare> share,
            InstantSource clock,
            RandomId instance,
            Consumer<SpecificRecord> events,
            Consumer<String> firstSeen) {
        this.breakerConfiguration = CircuitBreakerConfig.custom()
                .slidingWindowType(SlidingWindowType.COUNT_BASED)
                .slidingWindowSize(WINDOW_ATTEMPTS)
                .minimumNumberOfCalls(FEWEST_ATTEMPTS)
                .failureRateThreshold(FAILURE_PERCENTAGE)
                .permittedNumberOfCallsInHalfOpenState(PROBES)
                .slowCallDurationThreshold(times.slow())
                .slowCallRateThreshold(FAILURE_PERCENTAGE)
                .waitDurationInOpenState(times.pause())
                // A decision passes over a broker whose breaker is open, so it would never be asked for permission.
                .automaticTransitionFromOpenToHalfOpenEnabled(true)
                .build();
        this.suspension = times.suspension();
        this.share = share;
        this.clock = clock;
        this.instance = instance;
        this.events = events;
        this.firstSeen = firstSeen;
    }

    /** What the breaker, which counts throwables, is told of an attempt that the broker did not answer. It is never thrown. */
    private static final class NotAnswered extends Exception {
        private static final long serialVersionUID = 1;

        NotAnswered() {
            super("the broker did not answer", null, false, false);
        }
    }

    /** Whether an attempt may start. */
    sealed interface Admission {
        /**
         * It may, after a wait of less than a second.
         *
         * @param permit to be {@linkplain Permit#close closed} when the attempt is over
         */
        record Admitted(Permit permit, Duration delay) implements Admission {}

        /** All places are taken; one may be free in a moment. */
        record Busy() implements Admission {}

        /** Not soon. */
        record Refused(ParkingReason reason) implements Admission {}
    }

    private final class Guard {
        private final String broker;
        private final CircuitBreaker breaker;
        private final BrokerLimits limits;
        private volatile Suspensions suspensions = Suspensions.NONE;
        private volatile Optional<Instant> notClosedSince = Optional.empty();

        Guard(String broker) {
            this.broker = broker;
            breaker = CircuitBreaker.of(broker, breakerConfiguration);
            limits = new BrokerLimits(broker, share);
            breaker.getEventPublisher().onStateTransition(event -> {
                LOG.warn("broker {}: {}", broker, event.getStateTransition());
                if (event.getStateTransition().getToState() == CircuitBreaker.State.CLOSED) {
                    notClosedSince = Optional.empty();
                } else if (notClosedSince.isEmpty()) {
                    notClosedSince = Optional.of(clock.instant());
                }
            });
            firstSeen.accept(broker);
        }

        /** @return what was before */
        synchronized Suspensions change(UnaryOperator<Suspensions> change) {
            Suspensions before = suspensions;
            suspensions = change.apply(before);
            return before;
        }

        /** Of all who come when a suspension's time is over, one makes the attempt that finds out. */
        synchronized boolean start(Instant now) {
            if (suspensions.suspended(now)) {
                return false;
            }
            suspensions = suspensions.starting();
            return true;
        }

        /** @return answers of 401 and 403 in a row */
        int answered(int status) {
            Suspensions before = change(was -> was.answered(status));
            Suspensions after = before.answered(status);
            if (before.reason().isPresent() && after.reason().isEmpty()) {
                LOG.info("broker {} is no longer suspended", broker);
                events.accept(BrokerResumed.newBuilder()
                        .setBroker(broker)
                        .setInstance(instance)
                        .setResumedAt(clock.instant())
                        .build());
            }
            return after.unauthorizedInRow();
        }

        Admission admit(Instant now) {
            if (!start(now)) {
                return new Admission.Refused(ParkingReason.BROKER_SUSPENDED);
            }
            if (!breaker.tryAcquirePermission()) {
                change(Suspensions::unanswered);
                return new Admission.Refused(ParkingReason.BROKER_UNAVAILABLE);
            }
            Optional<Bulkhead> place = limits.places();
            if (place.isPresent() && !place.get().tryAcquirePermission()) {
                breaker.releasePermission();
                change(Suspensions::unanswered);
                return new Admission.Busy();
            }
            Optional<StartRate.Permission> permission = limits.ask();
            Permit permit = new Permit(this, place, permission);
            if (permission.isEmpty()) {
                permit.close();
                return new Admission.Refused(ParkingReason.BROKER_UNAVAILABLE);
            }
            return new Admission.Admitted(permit, permission.get().delay());
        }
    }

    /** One attempt's leave to be made. Whatever comes to nothing before the broker answers must give it back unused. */
    static final class Permit implements AutoCloseable {
        private final Guard guard;
        private final Optional<Bulkhead> place;
        private final Optional<StartRate.Permission> permission;
        private final AtomicBoolean used = new AtomicBoolean();
        private final AtomicBoolean told = new AtomicBoolean();
        private final AtomicBoolean closed = new AtomicBoolean();

        private Permit(Guard guard, Optional<Bulkhead> place, Optional<StartRate.Permission> permission) {
            this.guard = guard;
            this.place = place;
            this.permission = permission;
        }

        /** Whether it can be used, after its wait. If not, since a partition was lost meanwhile, another one has to be asked for. */
        boolean use() {
            used.set(true);
            return permission.filter(guard.limits::use).isPresent();
        }

        /**
         * A broker that answers is there, whatever it says of this signup, unless it says that it is not well itself.
         *
         * @return answers of 401 and 403 in a row, with this one
         */
        int answered(BrokerReply reply, Duration took) {
            told.set(true);
            if (reply instanceof BrokerReply.Answered answered && answered.status() < 500) {
                guard.breaker.onSuccess(took.toMillis(), TimeUnit.MILLISECONDS);
                return guard.answered(answered.status());
            }
            guard.breaker.onError(took.toMillis(), TimeUnit.MILLISECONDS, new NotAnswered());
            return guard.change(Suspensions::unanswered).unauthorizedInRow();
        }

        @Override
        public void close() {
            if (closed.compareAndSet(false, true)) {
                place.ifPresent(Bulkhead::onComplete);
                if (!used.get()) {
                    permission.ifPresent(guard.limits::giveBack);
                }
                if (!told.get()) {
                    guard.breaker.releasePermission();
                    guard.change(Suspensions::unanswered);
                }
            }
        }
    }

    /**
     * Asks for leave to make an attempt now.
     *
     * @param notice whether it goes to the broker's address for notices, which has its own guard: that it is down stops no handoff
     */
    Admission admit(Broker broker, boolean notice) {
        Guard guard = guard(notice ? broker.id() + "/notices" : broker.id());
        guard.limits.set(broker.connection().limits());
        return guard.admit(clock.instant());
    }

    private Guard guard(String broker) {
        Guard known = guards.get(broker);
        return known == null ? guards.computeIfAbsent(broker, Guard::new) : known;
    }

    /** Gives the broker nothing for a while. */
    public void suspend(String broker, SuspensionReason reason, int status) {
        Instant now = clock.instant();
        Instant until = now.plus(suspension);
        Suspensions before =
                guard(broker).change(was -> standing(was, now) ? was : was.suspended(reason, status, now, until));
        if (standing(before, now)) {
            // Of the attempts that were in progress together, the first has said so.
            return;
        }
        LOG.warn("broker {} answered {} and is suspended until {}", broker, status, until);
        events.accept(BrokerSuspended.newBuilder()
                .setBroker(broker)
                .setInstance(instance)
                .setSuspendedAt(now)
                .setReason(reason)
                .setStatus(status)
                .setUntil(until)
                .build());
    }

    /**
     * Takes what the log says of a broker, in its order: what other routers found out, and this one before its restart. Of a clock that
     * is ahead the time is not believed: no broker is suspended for longer than a suspension lasts.
     *
     * @param event is looked at if it is a {@code BrokerSuspended} or {@code BrokerResumed}
     */
    public void heard(SpecificRecord event) {
        if (event instanceof BrokerSuspended suspended) {
            Instant longest = clock.instant().plus(suspension);
            Instant until = suspended.getUntil().isBefore(longest) ? suspended.getUntil() : longest;
            Suspensions before = guard(suspended.getBroker())
                    .change(was ->
                            was.heard(suspended.getReason(), suspended.getStatus(), suspended.getSuspendedAt(), until));
            if (before.reason().isEmpty()) {
                LOG.warn("broker {} is suspended until {}, according to the log", suspended.getBroker(), until);
            }
        } else if (event instanceof BrokerResumed resumed) {
            guard(resumed.getBroker()).change(was -> was.resumed(resumed.getResumedAt()));
        }
    }

    /** As {@link #tryAgain}, where the suspension is older than {@code changed}. */
    public void tryAgainIfSuspendedBefore(Instant changed) {
        Instant now = clock.instant();
        guards.values().forEach(guard -> guard.change(was -> was.since().isBefore(changed) ? was.shortened(now) : was));
    }

    /** Tries brokers that are suspended again now, one attempt each: the cause may have been mended, such as a secret. */
    public void tryAgain() {
        Instant now = clock.instant();
        guards.values().forEach(guard -> guard.change(was -> was.shortened(now)));
    }

    private static boolean standing(Suspensions suspensions, Instant now) {
        return suspensions.reason().isPresent() && now.isBefore(suspensions.until());
    }

    @Override
    public Condition of(String broker) {
        Guard guard = guard(broker);
        return new Condition(
                guard.suspensions.suspended(clock.instant()), guard.breaker.getState() == CircuitBreaker.State.OPEN);
    }

    @Override
    public Optional<Instant> unavailableSince(String broker) {
        return guard(broker).notClosedSince;
    }

    /** Brokers that are suspended, and what for: a text for people. */
    public Map<String, String> suspended() {
        Map<String, String> suspended = new TreeMap<>();
        Instant now = clock.instant();
        guards.forEach((broker, guard) -> {
            Suspensions state = guard.suspensions;
            if (state.suspended(now)) {
                suspended.put(
                        broker,
                        "answered " + state.status() + " at " + state.since() + "; retried at " + state.until());
            }
        });
        return suspended;
    }

    /** The state of the broker's breaker: 0 closed, 1 half open, 2 open. */
    public int breakerState(String broker) {
        return switch (guard(broker).breaker.getState()) {
            case OPEN, FORCED_OPEN -> 2;
            case HALF_OPEN -> 1;
            default -> 0;
        };
    }

    /** Attempts that this router's share of the broker's limit would let start at once, negative if some wait already; {@code NaN} without a limit. */
    public double startsLeft(String broker) {
        return guard(broker).limits.startsLeft();
    }

    /** Places for attempts at the same time that are free; {@code NaN} without a limit. */
    public double placesLeft(String broker) {
        return guard(broker).limits.placesLeft();
    }
}
