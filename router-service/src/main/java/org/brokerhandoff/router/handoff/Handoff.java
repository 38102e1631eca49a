package org.brokerhandoff.router.handoff;

import static org.brokerhandoff.router.handoff.SignupSlots.erased;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.avro.specific.SpecificRecord;
import org.brokerhandoff.custody.EraseOutcome;
import org.brokerhandoff.custody.EraseReason;
import org.brokerhandoff.custody.KeyCustody;
import org.brokerhandoff.custody.LogPosition;
import org.brokerhandoff.custody.Ownership;
import org.brokerhandoff.custody.SlotState;
import org.brokerhandoff.custody.SlotView;
import org.brokerhandoff.event.ParkingReason;
import org.brokerhandoff.event.ReconciliationAnswer;
import org.brokerhandoff.event.ReleaseReason;
import org.brokerhandoff.event.SetAsideReason;
import org.brokerhandoff.router.deliver.Attempt;
import org.brokerhandoff.router.deliver.BrokerPing;
import org.brokerhandoff.router.deliver.Delivery;
import org.brokerhandoff.router.deliver.NextMove;
import org.brokerhandoff.router.domain.Assignment;
import org.brokerhandoff.router.domain.History;
import org.brokerhandoff.router.domain.PendingSignup;
import org.brokerhandoff.router.lane.Lane;
import org.brokerhandoff.routing.CapWindow;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries signups through: asks the planner, does the step, adds its fact to the history, asks again. Each fact is acknowledged
 * by the event log or synced by custody before the next step starts; a lost dependency only delays, since the same plan is made
 * again from the same facts. What happens elsewhere comes back into the signup's lane before it has any effect.
 */
public final class Handoff {
    private static final Logger LOG = LoggerFactory.getLogger(Handoff.class);
    private static final Duration PAUSE_AFTER_FAILURE = Duration.ofSeconds(1);
    private static final Duration PAUSE_FOR_PLACES = Duration.ofMillis(100);

    private final SignupSlots slots;
    private final Delivery delivery;
    private final SignupLog log;
    private final FactRecorder facts;
    private final HandoffSurroundings surroundings;
    private final InstantSource clock;
    private final Lane lane;

    /** Carries signups through in {@code lane}, which all methods are called in. */
    public Handoff(
            KeyCustody custody,
            Delivery delivery,
            SignupLog log,
            HandoffSurroundings surroundings,
            InstantSource clock,
            Lane lane) {
        this.slots = new SignupSlots(custody, lane);
        this.delivery = delivery;
        this.log = log;
        this.facts = new FactRecorder(log, lane, PAUSE_AFTER_FAILURE);
        this.surroundings = surroundings;
        this.clock = clock;
        this.lane = lane;
    }

    /**
     * Carries one signup through to the destruction of its key, or until it is parked or left. Completes when that is done; exceptionally
     * never: what is lost comes back, and if this router is closed meanwhile the stage does not complete.
     *
     * @param history what the log is known to say of the signup
     * @param ours whether this router still has the signup's partition. Once it has not, nothing is parked any more, and no attempt begins:
     *     the next owner finds the record
     */
    public CompletionStage<HandoffEnd> run(PendingSignup signup, History history, Ownership ours) {
        CompletableFuture<HandoffEnd> end = new CompletableFuture<>();
        begin(signup, new Situation(history, Optional.empty(), Set.of(), Set.of(), ours), end);
        return end;
    }

    /** The slot is told of the record before anything else: one that knows of none counts as never published. */
    private void begin(PendingSignup signup, Situation situation, CompletableFuture<HandoffEnd> end) {
        var unused = slots.tell(signup, HandoffPlanner.position(signup)).whenComplete((told, failure) -> {
            if (failure == null) {
                advance(signup, situation, end);
            } else {
                waitAfter(failure, signup, () -> begin(signup, situation, end));
            }
        });
    }

    private void waitAfter(Throwable failure, PendingSignup signup, Runnable again) {
        // The kind of failure only: exceptions of libraries may quote what they were given.
        LOG.warn("signup {} backs off after {}", signup.signupId(), kind(failure));
        lane.after(PAUSE_AFTER_FAILURE, again);
    }

    /** Steps do not nest: Kafka may be away for a day, and a chain of futures would grow all the while. */
    private void advance(PendingSignup signup, Situation situation, CompletableFuture<HandoffEnd> end) {
        CompletionStage<Progress> step;
        try {
            step = step(signup, situation);
        } catch (RuntimeException e) {
            step = CompletableFuture.failedFuture(e);
        }
        var unused = step.whenComplete((progress, failure) -> {
            if (failure != null) {
                waitAfter(failure, signup, () -> advance(signup, situation, end));
            } else if (progress.end().isPresent()) {
                end.complete(progress.end().get());
            } else if (progress.pause().isZero()) {
                advance(signup, progress.situation(), end);
            } else {
                lane.after(progress.pause(), () -> advance(signup, progress.situation(), end));
            }
        });
    }

    private CompletionStage<Progress> step(PendingSignup signup, Situation situation) {
        return slots.of(signup).thenCompose(slot -> step(signup, situation, slot));
    }

    private CompletionStage<Progress> step(PendingSignup signup, Situation situation, Optional<SlotView> slot) {
        // Milliseconds, as in the event: a router that reads the assignment back sends the broker the same bytes.
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        History history = ReleaseRules.accounted(situation.history(), slot, now);
        surroundings.releasePlaces(signup, slot, history, now);
        Optional<Step> settled = HandoffPlanner.settled(signup, slot, history, now);
        return settled.isPresent()
                ? settle(signup, situation, history, settled.get())
                : choose(signup, situation, history, slot.orElseThrow(), now);
    }

    private CompletionStage<Progress> settle(PendingSignup signup, Situation situation, History history, Step next) {
        if (next instanceof Step.LeaveToNewerCopy) {
            return movedOn(signup, situation);
        } else if (next instanceof Step.Erase erase) {
            return erase(signup, situation, erase.reason());
        } else if (next instanceof Step.RecordAttempt made) {
            return record(signup.signupId(), HandoffEvents.attempt(signup, made))
                    .thenApply(acknowledged -> Progress.to(situation.with(
                            history.with(history.attempts().with(made.attempt(), made.endedAt(), true)))));
        } else if (next instanceof Step.Complete complete) {
            return ended(signup, situation, Optional.of(complete.slot()));
        } else if (next instanceof Step.CompleteWithoutSlot) {
            return ended(signup, situation, Optional.empty());
        }
        throw new IllegalStateException("a new kind of step");
    }

    private CompletionStage<Progress> choose(
            PendingSignup signup, Situation situation, History history, SlotView slot, Instant now) {
        Circumstances circumstances = surroundings.circumstances(signup, situation, delivery.nonReceiptAfter(), now);
        Step next = HandoffPlanner.next(signup, Optional.of(slot), history, circumstances, now);
        if (next.choosesBroker() && !situation.ours().held()) {
            // The next owner chooses, and perhaps otherwise. What was begun with a broker is ended here; nothing is
            // begun with another.
            return completed(Progress.left(signup, situation));
        }
        if (next instanceof Step.RecordAssignment record) {
            Assignment assignment = new Assignment(record.decision().broker().id(), record.hop(), now);
            return record(
                            signup.signupId(),
                            HandoffEvents.assigned(signup, record.decision(), record.hop(), circumstances, now))
                    .thenApply(acknowledged -> Progress.to(situation.with(history.assigned(assignment))));
        } else if (next instanceof Step.RecordUndeliverable record) {
            return record(signup.signupId(), HandoffEvents.undeliverable(signup, record.decision(), circumstances, now))
                    .thenApply(acknowledged -> Progress.to(situation.with(history.foundUndeliverable())));
        } else if (next instanceof Step.RecordPostponed record) {
            return record(signup.signupId(), HandoffEvents.postponed(signup, record.decision(), circumstances, now))
                    .thenApply(acknowledged -> Progress.to(situation.with(history.foundPostponed())));
        } else if (next instanceof Step.AwaitPlaces) {
            return completed(Progress.to(situation).after(PAUSE_FOR_PLACES));
        } else if (next instanceof Step.RequestPlace request) {
            CapWindow window = CapWindow.at(now, request.broker().zone());
            return lane.arriving(surroundings
                            .places()
                            .request(HandoffEvents.placeRequested(signup, request.broker(), window, now)))
                    // Whether it was granted shows in the places that the next plan is made with.
                    .thenApply(read -> Progress.to(situation));
        } else if (next instanceof Step.Ping ping) {
            return ping(signup, situation, ping);
        } else if (next instanceof Step.Deliver deliver) {
            Delivery.Order order = new Delivery.Order(
                    deliver.assignment(),
                    deliver.broker(),
                    deliver.attempts(),
                    deliver.offeredBefore(),
                    deliver.until());
            return delivery.deliver(signup, order, history.attempts(), situation.ours())
                    .thenCompose(result ->
                            follow(signup, situation.with(history.with(result.attempts())), deliver, result.attempt()));
        } else if (next instanceof Step.ReadHistory) {
            return readHistory(signup, situation);
        } else if (next instanceof Step.Release release) {
            return release(signup, situation, history, release);
        } else if (next instanceof Step.Ask ask) {
            return ask(signup, situation, history, ask);
        } else if (next instanceof Step.Park park) {
            return park(signup, situation.with(history), park.assignment(), park.reason(), park.notBefore());
        }
        throw new IllegalStateException("a new kind of step");
    }

    /** Not of a signup that was withdrawn meanwhile: where it may be then is what the withdrawal has found. */
    private CompletionStage<Progress> release(
            PendingSignup signup, Situation situation, History history, Step.Release release) {
        return slots.of(signup)
                .thenCompose(slot -> erased(slot)
                        ? completed(Progress.to(situation))
                        : recordRelease(signup, situation, history, release));
    }

    private CompletionStage<Progress> recordRelease(
            PendingSignup signup, Situation situation, History history, Step.Release release) {
        String broker = release.assignment().broker();
        Optional<Instant> lastAttemptAt = release.reason() == ReleaseReason.NOTHING_SENT
                ? Optional.empty()
                : history.attempts().lastEndedAt();
        return record(
                        signup.signupId(),
                        HandoffEvents.released(
                                signup, broker, lastAttemptAt, release.reason(), release.attempts(), clock.instant()))
                .thenApply(acknowledged -> Progress.to(situation.with(
                        history.released(broker).with(history.attempts().settledTo(release.attempts())))));
    }

    private CompletionStage<Progress> ask(PendingSignup signup, Situation situation, History history, Step.Ask ask) {
        return delivery.ask(signup, ask.broker()).thenCompose(said -> {
            ReconciliationAnswer answer = said.answer().orElse(null);
            if (answer == ReconciliationAnswer.ACCEPTED || answer == ReconciliationAnswer.REJECTED) {
                Step.Deliver asIfDelivered =
                        new Step.Deliver(ask.assignment(), ask.broker(), ask.attempt(), true, Optional.empty());
                return follow(
                        signup,
                        situation.with(history),
                        asIfDelivered,
                        Attempt.Decided.of(ask.attempt(), ask.assignment(), said, answer));
            } else if (answer == ReconciliationAnswer.NOT_RECEIVED && ask.releases()) {
                return release(
                        signup,
                        situation,
                        history,
                        new Step.Release(ask.assignment(), ReleaseReason.NOT_RECEIVED, ask.attempt()));
            }
            return park(
                    signup, situation.with(history), Optional.of(ask.assignment()), ask.otherwise(), Optional.empty());
        });
    }

    private CompletionStage<Progress> ping(PendingSignup signup, Situation situation, Step.Ping ping) {
        String broker = ping.broker().id();
        return lane.arriving(surroundings.ping().ask(signup, ping.broker())).thenCompose(answer -> {
            if (answer.outcome() == BrokerPing.Outcome.WANTED) {
                return completed(Progress.to(situation.wantedBy(broker)));
            }
            return facts.record(signup.signupId(), HandoffEvents.pingMade(signup, broker, ping.hop(), answer))
                    .thenApply(acknowledged ->
                            Progress.to(situation.with(situation.history().declined(broker))));
        });
    }

    private CompletionStage<Progress> follow(
            PendingSignup signup, Situation situation, Step.Deliver deliver, Attempt attempt) {
        History history = situation.history();
        String broker = deliver.broker().id();
        if (attempt instanceof Attempt.Decided decided) {
            if (decided.outcome() instanceof NextMove.Accepted accepted) {
                return facts.record(
                                signup.signupId(), HandoffEvents.delivered(signup, deliver.broker(), decided, accepted))
                        .thenApply(acknowledged -> Progress.to(situation.with(history.delivered(broker))));
            } else if (decided.outcome() instanceof NextMove.Refused refused) {
                return facts.record(
                                signup.signupId(), HandoffEvents.refused(signup, deliver.broker(), decided, refused))
                        .thenApply(acknowledged -> Progress.to(situation.with(
                                history.refused(broker).with(history.attempts().settledTo(decided.number())))));
            }
            throw new IllegalStateException("not a decision");
        } else if (attempt instanceof Attempt.Park park) {
            if (park.reason() == ParkingReason.BROKER_UNAVAILABLE
                    && !situation.denied().contains(broker)
                    && surroundings.downForLong(broker, delivery.nonReceiptAfter(), clock.instant())) {
                // Its breaker lets others find out; this one need not wait for that, if another broker may be asked.
                return completed(Progress.to(situation.deniedBy(broker)));
            }
            return park(signup, situation, Optional.of(deliver.assignment()), park.reason(), park.notBefore());
        } else if (attempt instanceof Attempt.PartitionGone) {
            return completed(Progress.left(signup, situation));
        } else if (attempt instanceof Attempt.OutOfTime) {
            return erase(signup, situation, EraseReason.EXPIRED);
        } else if (attempt instanceof Attempt.Unopenable) {
            // The key is right and the seal is not: kept apart for an operator, sealed. The key goes first, and its
            // slot says why: erased for another reason, it would be claimed as if no copy were left.
            return erase(signup, situation, EraseReason.INVALID)
                    .thenCompose(erased -> slots.of(signup)
                            .thenCompose(slot -> slot.flatMap(SlotView::reason)
                                            .filter(EraseReason.INVALID::equals)
                                            .isPresent()
                                    ? lane.arriving(log.setAside(signup, SetAsideReason.UNOPENABLE))
                                            .thenApply(acknowledged -> erased)
                                    : completed(erased)));
        }
        // SlotChanged: the slot says how. OutOfWindow: the next plan looks at the broker's terms again.
        return completed(Progress.to(situation));
    }

    /**
     * That it is parked is in the log before the first copy can be: a router that finds the signup after a crash knows then that
     * copies may be in the parked topic, whatever has become of them. The slot is told last, so that a copy it names is there.
     */
    private CompletionStage<Progress> park(
            PendingSignup signup,
            Situation situation,
            Optional<Assignment> assignment,
            ParkingReason reason,
            Optional<Instant> notBefore) {
        if (!situation.ours().held()) {
            return completed(Progress.left(signup, situation));
        }
        CompletionStage<Void> recorded = situation.history().parked()
                ? CompletableFuture.completedFuture(null)
                : facts.record(
                        signup.signupId(),
                        HandoffEvents.parked(signup, assignment.map(Assignment::broker), reason, clock.instant()));
        return recorded.thenCompose(acknowledged -> slots.of(signup)).thenCompose(slot -> {
            if (erased(slot)) {
                // The attempt took its time, and the key went meanwhile: no copy of what can no longer be delivered.
                return completed(Progress.to(situation.with(situation.history().foundParked())));
            } else if (!situation.ours().held()) {
                return completed(Progress.left(signup, situation));
            }
            return lane.arriving(log.park(signup, situation.history(), notBefore))
                    .thenCompose(copy -> slots.tell(signup, LogPosition.inParked(signup.partition(), copy)))
                    .thenCompose(told -> movedOn(signup, situation));
        });
    }

    /**
     * An erasure may have come before the slot knew of the copy. The router that found that slot was not told of the parked topic, so it is
     * told here, before the record counts as finished.
     */
    private CompletionStage<Progress> movedOn(PendingSignup signup, Situation situation) {
        return slots.of(signup)
                .thenApply(slot -> slot.filter(view -> view.state() == SlotState.ERASED))
                .thenCompose(erased -> erased.isPresent()
                        ? ended(signup, situation.with(situation.history().foundParked()), erased)
                        : completed(
                                new Progress(situation, Duration.ZERO, Optional.of(new HandoffEnd.MovedOn(signup)))));
    }

    private CompletionStage<Progress> readHistory(PendingSignup signup, Situation situation) {
        // With a pause, since an event of the former owner may be a moment away, and reading is not cheap.
        return lane.arriving(log.history(signup))
                .thenApply(read -> Progress.to(situation.with(read)).after(PAUSE_AFTER_FAILURE));
    }

    private CompletionStage<Progress> erase(PendingSignup signup, Situation situation, EraseReason reason) {
        return slots.erase(signup, reason)
                .thenApply(outcome -> Progress.to(situation.with(
                        outcome instanceof EraseOutcome.Erased erased
                                ? Optional.of(erased.readBack())
                                : Optional.empty())));
    }

    /**
     * Once the record is cut, a router that starts knows of the signup only what the slot says. So the slot is told of the parked
     * topic before, also where no copy was written, as its beginning: the log says that it is parked, and the claim has to cover that.
     */
    private CompletionStage<Progress> ended(PendingSignup signup, Situation situation, Optional<SlotView> slot) {
        boolean told =
                slot.flatMap(SlotView::position).filter(LogPosition::parked).isPresent();
        boolean parked = signup.parking().isPresent() || situation.history().parked() || told;
        HandoffEnd end = new HandoffEnd.Finished(signup, slot, situation.readBack(), parked);
        Progress ended = new Progress(situation, Duration.ZERO, Optional.of(end));
        return parked && !told
                ? slots.tell(signup, LogPosition.inParked(signup.partition(), 0))
                        .thenApply(nothing -> ended)
                : completed(ended);
    }

    private CompletionStage<?> record(UUID signupId, SpecificRecord event) {
        return lane.arriving(log.record(signupId, event));
    }

    private static CompletionStage<Progress> completed(Progress progress) {
        return CompletableFuture.completedFuture(progress);
    }

    private static String kind(Throwable failure) {
        Throwable cause = failure.getCause() == null ? failure : failure.getCause();
        return cause.getClass().getSimpleName();
    }
}
