package org.brokerhandoff.router.handoff;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.brokerhandoff.custody.EraseOutcome;
import org.brokerhandoff.custody.EraseReason;
import org.brokerhandoff.custody.KeyCustody;
import org.brokerhandoff.custody.LogPosition;
import org.brokerhandoff.custody.ReadBack;
import org.brokerhandoff.custody.SlotReference;
import org.brokerhandoff.custody.SlotView;
import org.brokerhandoff.event.SetAsideReason;
import org.brokerhandoff.router.deliver.Attempt;
import org.brokerhandoff.router.deliver.Delivery;
import org.brokerhandoff.router.deliver.DeliveryOutcome;
import org.brokerhandoff.router.directory.BrokerDirectory;
import org.brokerhandoff.router.domain.Assignment;
import org.brokerhandoff.router.domain.History;
import org.brokerhandoff.router.domain.PendingSignup;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries signups through: asks the planner, does the step, adds its fact to the history, asks again. Each fact is acknowledged
 * by the event log or synced by custody before the next step starts; a lost dependency only delays, since the same plan is made
 * again from the same facts.
 */
public final class Handoff {
    private static final Logger LOG = LoggerFactory.getLogger(Handoff.class);
    private static final Duration PAUSE_AFTER_FAILURE = Duration.ofSeconds(1);
    private static final Duration PAUSE_FOR_DIRECTORY = Duration.ofSeconds(30);

    private final KeyCustody custody;
    private final Delivery delivery;
    private final SignupLog log;
    private final BrokerDirectory directory;
    private final InstantSource clock;
    private final ScheduledExecutorService scheduler;

    /** Carries signups through with these parts. */
    public Handoff(
            KeyCustody custody,
            Delivery delivery,
            SignupLog log,
            BrokerDirectory directory,
            InstantSource clock,
            ScheduledExecutorService scheduler) {
        this.custody = custody;
        this.delivery = delivery;
        this.log = log;
        this.directory = directory;
        this.clock = clock;
        this.scheduler = scheduler;
    }

    /**
     * Carries one signup through to the destruction of its key. Completes when that is done, however long it takes; it never
     * completes exceptionally.
     *
     * @param history what the log is known to say of the signup
     */
    public CompletionStage<HandoffEnd> run(PendingSignup signup, History history) {
        custody.position(slot(signup), signup.signupId(), new LogPosition(signup.partition(), signup.offset()));
        return advance(signup, history, Optional.empty());
    }

    private CompletionStage<HandoffEnd> advance(PendingSignup signup, History history, Optional<ReadBack> readBack) {
        CompletionStage<HandoffEnd> end;
        try {
            end = step(signup, history, readBack);
        } catch (RuntimeException e) {
            end = CompletableFuture.failedFuture(e);
        }
        return end.exceptionallyCompose(failure -> {
            // The kind of failure only: exceptions of libraries may quote what they were given.
            LOG.warn("signup {} waits after {}", signup.signupId(), kind(failure));
            return after(PAUSE_AFTER_FAILURE, () -> advance(signup, history, readBack));
        });
    }

    private CompletionStage<HandoffEnd> step(PendingSignup signup, History history, Optional<ReadBack> readBack) {
        Instant now = clock.instant();
        Optional<SlotView> slot =
                custody.read(slot(signup)).filter(view -> view.signupId().equals(signup.signupId()));
        Step next = HandoffPlanner.next(signup, slot, history, directory, now);
        if (next instanceof Step.RecordAssignment record) {
            Assignment assignment = new Assignment(record.decision().broker().id(), record.hop(), now);
            return log.record(
                            signup.signupId(),
                            HandoffEvents.assigned(signup, record.decision(), record.hop(), directory.digest(), now))
                    .thenCompose(acknowledged -> advance(signup, history.assigned(assignment), readBack));
        } else if (next instanceof Step.RecordUndeliverable record) {
            return log.record(
                            signup.signupId(),
                            HandoffEvents.undeliverable(signup, record.decision(), directory.digest(), now))
                    .thenCompose(acknowledged -> advance(signup, history.foundUndeliverable(), readBack));
        } else if (next instanceof Step.Deliver deliver) {
            return delivery.deliver(signup, deliver.assignment(), deliver.broker(), deliver.previous())
                    .thenCompose(attempt -> follow(signup, history, readBack, deliver, attempt));
        } else if (next instanceof Step.AwaitBroker await) {
            LOG.warn(
                    "signup {} waits: its broker {} is not in the directory",
                    signup.signupId(),
                    await.assignment().broker());
            return after(
                    shorter(PAUSE_FOR_DIRECTORY, Duration.between(now, signup.keyExpiry())),
                    () -> advance(signup, history, readBack));
        } else if (next instanceof Step.Erase erase) {
            return erase(signup, history, erase.reason());
        } else if (next instanceof Step.Complete complete) {
            return CompletableFuture.completedFuture(new HandoffEnd(signup, Optional.of(complete.slot()), readBack));
        }
        return CompletableFuture.completedFuture(new HandoffEnd(signup, Optional.empty(), readBack));
    }

    private CompletionStage<HandoffEnd> follow(
            PendingSignup signup, History history, Optional<ReadBack> readBack, Step.Deliver deliver, Attempt attempt) {
        if (attempt instanceof Attempt.Decided decided) {
            if (decided.outcome() instanceof DeliveryOutcome.Accepted accepted) {
                return log.record(
                                signup.signupId(), HandoffEvents.delivered(signup, deliver.broker(), decided, accepted))
                        .thenCompose(acknowledged -> advance(
                                signup, history.delivered(deliver.broker().id()), readBack));
            } else if (decided.outcome() instanceof DeliveryOutcome.Refused refused) {
                return log.record(signup.signupId(), HandoffEvents.refused(signup, deliver.broker(), decided, refused))
                        .thenCompose(acknowledged ->
                                advance(signup, history.refused(deliver.broker().id()), readBack));
            }
            throw new IllegalStateException("not a decision");
        } else if (attempt instanceof Attempt.OutOfTime) {
            return erase(signup, history, EraseReason.EXPIRED);
        } else if (attempt instanceof Attempt.Unopenable) {
            // The key is right and the seal is not: kept apart for an operator, sealed, until its key expires with this
            // one.
            return log.setAside(signup, SetAsideReason.UNOPENABLE)
                    .thenCompose(acknowledged -> erase(signup, history, EraseReason.INVALID));
        } else if (attempt instanceof Attempt.Superseded) {
            return log.history(signup)
                    .thenCompose(read -> after(Duration.ofMillis(50), () -> advance(signup, read, readBack)));
        }
        // KeyErased: the slot says why.
        return advance(signup, history, readBack);
    }

    private CompletionStage<HandoffEnd> erase(PendingSignup signup, History history, EraseReason reason) {
        return custody.erase(slot(signup), signup.signupId(), reason).thenCompose(outcome -> {
            Optional<ReadBack> readBack =
                    outcome instanceof EraseOutcome.Erased erased ? Optional.of(erased.readBack()) : Optional.empty();
            return advance(signup, history, readBack);
        });
    }

    private static SlotReference slot(PendingSignup signup) {
        return new SlotReference(signup.slot(), signup.generation());
    }

    private static Duration shorter(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? a : b;
    }

    private static String kind(Throwable failure) {
        Throwable cause = failure.getCause() == null ? failure : failure.getCause();
        return cause.getClass().getSimpleName();
    }

    private <T> CompletionStage<T> after(Duration pause, java.util.function.Supplier<CompletionStage<T>> action) {
        CompletableFuture<Void> elapsed = new CompletableFuture<>();
        var unused =
                scheduler.schedule(() -> elapsed.complete(null), Math.max(1, pause.toMillis()), TimeUnit.MILLISECONDS);
        return elapsed.thenCompose(nothing -> action.get());
    }
}
