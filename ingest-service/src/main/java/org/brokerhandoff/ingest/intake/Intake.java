package org.brokerhandoff.ingest.intake;

import com.fasterxml.uuid.Generators;
import com.fasterxml.uuid.NoArgGenerator;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Function;
import java.util.function.Supplier;
import org.brokerhandoff.custody.DataKey;
import org.brokerhandoff.custody.HoldOutcome;
import org.brokerhandoff.custody.Sealer;
import org.brokerhandoff.custody.SlotReference;
import org.brokerhandoff.event.SealedSignup;
import org.brokerhandoff.eventlog.RecordPosition;
import org.brokerhandoff.ingest.domain.Entry;
import org.brokerhandoff.ingest.idempotency.IdempotencyFailed;
import org.brokerhandoff.ingest.idempotency.Reservation;
import org.brokerhandoff.ingest.idempotency.Reservations;
import org.brokerhandoff.ingest.intake.FaultPoints.Arrow;
import org.brokerhandoff.ingest.intake.IntakeMeters.Stage;
import org.brokerhandoff.ingest.intake.Submission.Proviso;
import org.brokerhandoff.ingest.publish.SignupEvents;
import org.brokerhandoff.ledger.entry.Leaf;
import org.brokerhandoff.operations.tracing.Attribute;
import org.brokerhandoff.operations.tracing.Operation;
import org.brokerhandoff.operations.tracing.TracedSpan;
import org.brokerhandoff.operations.tracing.Tracing;
import org.brokerhandoff.schemas.SealBinding;

/**
 * Accepts valid signups, and contact messages and corrections, which are signups for other purposes. Everything here runs on the event loop
 * of the request; steps that end on other threads return to it. The order of the steps, and why:
 *
 * <ol>
 * <li><b>Reservation.</b> First, because the next step creates state under the signup id that a retry has to find. In a journal it becomes
 * durable with the next step; in a database it is at once. Death here: a reservation without a key; the retry finds nothing held and continues
 * under the same id. A power cut may lose a journal's record as well: the retry is a new request. Where several services share the reservations,
 * a request has its own for some seconds under a token; one that takes longer may be overtaken by its repeat at another service, and then
 * its key is not held.
 * <li><b>Key in custody; one sync makes a journal's reservation and the slot durable.</b> Before anything is published, because a record whose key could be
 * lost could be neither delivered nor, provably, destroyed, and one whose reservation could be lost would be published again under another
 * id: a second signup. Death here: a held key that is never requested, overwritten at its expiry; the retry finds it by the signup id and
 * uses it. A power cut may leave the key without its reservation: nothing was published under its id, and the retry gets another. Durability
 * of both is checked, not assumed: the journal's sync may have failed where custody's succeeded.
 * <li><b>{@code ConsentGranted}, for a message {@code ContactReceived}, acknowledged.</b> Before the sealed signup, so that no disclosure can
 * exist without its evidence. Death here: evidence of a consent without any effect; the retry publishes it again with the same event id.
 * <li><b>{@code SealedSignup} acknowledged.</b> From here the router may hand the person over. Death here: the website has no answer; the
 * retry finds the slot offered, erased or gone and answers, or finds it still held, has it synced again and publishes again with the same id
 * <i>and the same key</i>. The second copy can be delivered only if the first was not: the first delivery destroys the key of both.
 * <li><b>Position and acceptance noted.</b> Neither is awaited: both only spare a later search.
 *   <li><b>The answer.</b> Never before both acknowledgements.
 * </ol>
 */
public final class Intake {
    /** For a request that is not admitted. */
    private static final IntakeOutcome OVERLOADED = new IntakeOutcome.Unavailable(Unavailability.OVERLOADED);

    private final SignupKeys keys;
    private final SignupLog log;
    private final Reservations reservations;
    private final Admission admission;
    private final IntakeMeters meters;
    private final Tracing tracing;
    private final FaultPoints faultPoints;

    private final NoArgGenerator ids = Generators.timeBasedEpochRandomGenerator(new SecureRandom());
    private final ConcurrentMap<ClientKey, CompletableFuture<IntakeOutcome>> underWay = new ConcurrentHashMap<>();
    private final RequestMarks marks = new RequestMarks();

    /** In memory only, and only while the request is in progress. */
    private record ClientKey(String client, String idempotencyKey) {}

    /** An intake through {@code reservations}, custody and {@code log}. */
    public Intake(
            SignupKeys keys,
            SignupLog log,
            Reservations reservations,
            Admission admission,
            IntakeMeters meters,
            Tracing tracing,
            FaultPoints faultPoints) {
        this.keys = keys;
        this.log = log;
        this.reservations = reservations;
        this.admission = admission;
        this.meters = meters;
        this.tracing = tracing;
        this.faultPoints = faultPoints;
        meters.underWay(admission::underWay);
    }

    /**
     * Entry point of each request: runs {@code work} for it, traced and with its waits for the event loop measured. If too many are in
     * progress, refuses it without any work.
     */
    CompletionStage<SignupAnswer> entering(Request request, Function<Request, CompletionStage<SignupAnswer>> work) {
        if (admission.overloaded()) {
            meters.counted(OVERLOADED);
            return CompletableFuture.completedStage(new SignupAnswer.Taken(OVERLOADED));
        }
        TracedSpan span = tracing.begin(Operation.SIGNUP);
        CompletionStage<SignupAnswer> working = work.apply(request.on(admission.measured(request.loop()), span));
        return span.until(working.thenApply(answer -> {
            span.with(new Attribute.Outcome(IntakeMeters.label(answer)));
            return answer;
        }));
    }

    /**
     * Accepts a signup; to be called on its loop. Does not block. The stage never fails.
     *
     * <p>Of two submissions with the same key of the same client at the same time, the second waits for the first.
     */
    public CompletionStage<IntakeOutcome> submit(Submission submission) {
        Request request = submission.request();
        ClientKey key = new ClientKey(request.client(), request.idempotencyKey());
        CompletableFuture<IntakeOutcome> own = new CompletableFuture<>();
        CompletableFuture<IntakeOutcome> other = underWay.putIfAbsent(key, own);
        if (other != null) {
            submission.person().wipe();
            return other.thenApply(outcome -> {
                IntakeOutcome replayed = outcome.asReplay();
                meters.counted(replayed);
                return replayed;
            });
        }
        long began = System.nanoTime();
        run(submission, began).whenComplete((outcome, failure) -> {
            submission.person().wipe();
            IntakeOutcome told = outcome != null && failure == null ? outcome : unavailable(failure);
            meters.ended(Stage.TOTAL, began);
            meters.counted(told);
            // Out of the map first: the next request has to query the reservations, which have the outcome by now.
            underWay.remove(key, own);
            own.complete(told);
        });
        return own;
    }

    /**
     * The answer to a refused request: {@code refusal}, unless an earlier request with this key was accepted. Its answer stands, whatever a
     * later one says. Accepts nothing.
     */
    CompletionStage<SignupAnswer> unlessTakenEarlier(Request request, SignupAnswer refusal) {
        return request.resumedAfter(reservations.find(request.client(), request.idempotencyKey()))
                .thenCompose(found -> found.map(reservation -> request.resumedAfter(earlier(reservation)))
                        .orElseGet(() -> CompletableFuture.completedStage(Optional.empty())))
                .exceptionally(failure -> Optional.of(unavailable(failure)))
                .thenApply(outcome ->
                        outcome.<SignupAnswer>map(SignupAnswer.Taken::new).orElse(refusal));
    }

    private CompletionStage<Optional<IntakeOutcome>> earlier(Reservation reservation) {
        if (reservation.state() == Reservation.State.ACCEPTED) {
            return CompletableFuture.completedStage(Optional.of(accepted(reservation)));
        }
        // The earlier request reported no result: refusing this one could make the website send the person again under
        // another id.
        return keys.of(reservation).thenApply(finding -> {
            if (finding instanceof Finding.StillHeld held) {
                held.key().destroy();
                return Optional.of(new IntakeOutcome.Unavailable(Unavailability.LOG_UNAVAILABLE));
            } else if (finding instanceof Finding.TakenUp) {
                return Optional.of(accepted(reservation));
            }
            return Optional.empty();
        });
    }

    private CompletionStage<IntakeOutcome> run(Submission submission, long began) {
        Optional<Unavailability> refusal = admission.refusal();
        if (refusal.isPresent()) {
            return done(new IntakeOutcome.Unavailable(refusal.get()));
        }
        return begun(() -> reserve(submission, began)).whenComplete((outcome, failure) -> admission.left());
    }

    /** Fails instead of throwing. */
    private static <T> CompletionStage<T> begun(Supplier<CompletionStage<T>> work) {
        try {
            return work.get();
        } catch (RuntimeException e) {
            return CompletableFuture.failedStage(e);
        }
    }

    private CompletionStage<IntakeOutcome> reserve(Submission submission, long began) {
        Request request = submission.request();
        return request.resumedAfter(reservations.reserve(
                        request.client(),
                        request.idempotencyKey(),
                        submission.proviso().map(Proviso::signupId).orElseGet(ids::generate),
                        submission.receivedAt(),
                        submission.receivedAt().plus(submission.hold()),
                        marks.of(submission)))
                .thenCompose(reservation -> {
                    meters.ended(Stage.RESERVE, began);
                    request.span().with(new Attribute.Signup(reservation.signupId()));
                    return begun(() -> reserved(reservation, submission)).whenComplete((outcome, failure) -> {
                        if (!(outcome instanceof IntakeOutcome.Accepted)) {
                            reservations.noteLeft(reservation, Optional.empty());
                        }
                    });
                });
    }

    private CompletionStage<IntakeOutcome> reserved(Reservation reservation, Submission submission) {
        return switch (reservation.state()) {
            case NEW -> {
                faultPoints.reached(Arrow.RESERVED);
                yield hold(reservation, submission);
            }
            case ACCEPTED -> again(reservation, submission);
            case RESERVED -> resume(reservation, submission);
        };
    }

    private CompletionStage<IntakeOutcome> hold(Reservation reservation, Submission submission) {
        long began = System.nanoTime();
        Request request = submission.request();
        return request.resumedAfter(request.span().child(Operation.HOLD).until(keys.hold(reservation)))
                .thenCompose(outcome -> {
                    meters.ended(Stage.HOLD, began);
                    if (outcome instanceof HoldOutcome.Held held) {
                        requireDurable(reservation, held.key());
                        faultPoints.reached(Arrow.HELD);
                        return publish(reservation, held.slot(), held.key(), submission);
                    }
                    // Nothing exists under this id, so a retry may start afresh instead of searching.
                    reservations.release(reservation);
                    return done(new IntakeOutcome.Unavailable(Unavailability.CUSTODY_FULL));
                });
    }

    /** The key stays in custody until it expires; nothing is published that would need it. */
    private void requireDurable(Reservation reservation, DataKey key) {
        try {
            reservations.requireDurable(reservation);
        } catch (IdempotencyFailed e) {
            key.destroy();
            throw e;
        }
    }

    private CompletionStage<IntakeOutcome> publish(
            Reservation reservation, SlotReference slot, DataKey key, Submission submission) {
        UUID id = reservation.signupId();
        Request request = submission.request();
        Entry entry = SignupLog.entry(reservation, submission);
        SealedSignup unsealed = SignupEvents.unsealed(id, entry, slot, reservation.receivedAt(), reservation.times());
        SealBinding binding = SealBinding.of(unsealed);
        byte[] sealed;
        try {
            sealed = Sealer.seal(key, submission.person(), binding.form(), binding.associatedData());
        } finally {
            key.destroy();
            submission.person().wipe();
        }
        long began = System.nanoTime();
        return request.resumedAfter(request.span()
                        .child(Operation.PUBLISH_CONSENT)
                        .until(log.evidence(reservation, request.owner(), entry)))
                .thenCompose(granted -> {
                    long acknowledged = meters.ended(Stage.CONSENT, began);
                    faultPoints.reached(Arrow.CONSENT_ACKNOWLEDGED);
                    Supplier<CompletionStage<IntakeOutcome>> sending = () -> {
                        TracedSpan span = request.span().child(Operation.PUBLISH_SIGNUP);
                        return request.resumedAfter(
                                        span.until(log.sealed(id, SignupEvents.sealed(unsealed, sealed), span.link())))
                                .thenCompose(position -> {
                                    meters.ended(Stage.SIGNUP, acknowledged);
                                    return published(request, reservation, slot, position, granted);
                                });
                    };
                    return request.resumedAfter(keys.stillHeld(id, slot))
                            .thenCompose(stillHeld -> stillHeld
                                    ? unlessTakenBack(submission, sending)
                                    : expired(reservation, submission));
                })
                .exceptionally(failure -> {
                    // Held and possibly published: the retry has to find this very slot.
                    reservations.noteLeft(reservation, Optional.of(slot));
                    return unavailable(failure);
                });
    }

    /** The key expired while Kafka was slow: a record published now could not be opened. */
    private CompletionStage<IntakeOutcome> expired(Reservation reservation, Submission submission) {
        return submission
                .request()
                .resumedAfter(keys.of(reservation))
                .thenCompose(finding -> concluded(reservation, finding, submission));
    }

    private static CompletionStage<IntakeOutcome> unlessTakenBack(
            Submission submission, Supplier<CompletionStage<IntakeOutcome>> sending) {
        return submission.stands().thenCompose(stands -> stands ? sending.get() : done(new IntakeOutcome.Spent()));
    }

    private CompletionStage<IntakeOutcome> published(
            Request request,
            Reservation reservation,
            SlotReference slot,
            RecordPosition position,
            Optional<Leaf.Present> granted) {
        faultPoints.reached(Arrow.SIGNUP_ACKNOWLEDGED);
        admission.logAcknowledged();
        keys.published(reservation.signupId(), slot, position);
        return request.resumedAfter(keys.ofPublished(reservation.signupId(), slot))
                .thenApply(finding -> {
                    if (!(finding instanceof Finding.TakenUp)) {
                        return new IntakeOutcome.Spent();
                    }
                    reservations.noteAccepted(reservation, Optional.of(slot));
                    faultPoints.reached(Arrow.ACCEPTANCE_NOTED);
                    return new IntakeOutcome.Accepted(reservation.signupId(), reservation.eraseBy(), false, granted);
                });
    }

    /** Resumes a signup whose earlier request reported no result. */
    private CompletionStage<IntakeOutcome> resume(Reservation reservation, Submission submission) {
        return submission.request().resumedAfter(keys.of(reservation)).thenCompose(finding -> {
            if (finding instanceof Finding.StillHeld held) {
                requireDurable(reservation, held.key());
                return resume(reservation, held, submission);
            } else if (finding instanceof Finding.NothingHeld) {
                Instant now = submission.receivedAt();
                return submission
                        .request()
                        .resumedAfter(
                                reservations.renew(reservation, now, now.plus(submission.hold()), marks.of(submission)))
                        .thenCompose(renewed -> hold(renewed, submission));
            }
            return concluded(reservation, finding, submission);
        });
    }

    private CompletionStage<IntakeOutcome> resume(
            Reservation reservation, Finding.StillHeld held, Submission submission) {
        boolean same = reservation
                .request()
                .map(first -> first.digest().equals(marks.of(submission).digest()))
                .orElse(true);
        if (!same) {
            held.key().destroy();
            return done(new IntakeOutcome.Conflict());
        }
        // A record sent this late could arrive after the key has expired and its purge was published.
        if (!submission.receivedAt().isBefore(reservation.lastSending())) {
            held.key().destroy();
            return done(new IntakeOutcome.Unavailable(Unavailability.LOG_UNAVAILABLE));
        }
        return publish(reservation, held.slot(), held.key(), submission);
    }

    /** The outcome where no step remains. */
    private CompletionStage<IntakeOutcome> concluded(Reservation reservation, Finding finding, Submission submission) {
        if (finding instanceof Finding.TakenUp takenUp) {
            reservations.noteAccepted(reservation, takenUp.slot());
            return again(reservation, submission);
        } else if (finding instanceof Finding.StillHeld held) {
            held.key().destroy();
            return done(new IntakeOutcome.Unavailable(Unavailability.LOG_UNAVAILABLE));
        }
        return done(new IntakeOutcome.Spent());
    }

    /** The earlier acceptance. The position of its evidence was returned to the first request, if that was answered, and is stored nowhere. */
    private CompletionStage<IntakeOutcome> again(Reservation reservation, Submission submission) {
        return submission
                .request()
                .resumedAfter(log.evidenceAgain(reservation, submission, marks.of(submission)))
                .thenApply(
                        leaf -> new IntakeOutcome.Accepted(reservation.signupId(), reservation.eraseBy(), true, leaf));
    }

    private static IntakeOutcome accepted(Reservation reservation) {
        return new IntakeOutcome.Accepted(reservation.signupId(), reservation.eraseBy(), true, Optional.empty());
    }

    private IntakeOutcome unavailable(Throwable failure) {
        Unavailability reason = IntakeFailures.reason(failure);
        if (reason == Unavailability.LOG_UNAVAILABLE) {
            admission.logFailed();
        }
        return new IntakeOutcome.Unavailable(reason);
    }

    private static CompletionStage<IntakeOutcome> done(IntakeOutcome outcome) {
        return CompletableFuture.completedStage(outcome);
    }
}
