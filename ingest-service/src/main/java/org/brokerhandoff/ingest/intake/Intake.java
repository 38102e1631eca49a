package org.brokerhandoff.ingest.intake;

import com.fasterxml.uuid.Generators;
import com.fasterxml.uuid.NoArgGenerator;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executor;
import org.brokerhandoff.custody.CustodyException;
import org.brokerhandoff.custody.DataKey;
import org.brokerhandoff.custody.HoldOutcome;
import org.brokerhandoff.custody.Sealer;
import org.brokerhandoff.custody.SlotReference;
import org.brokerhandoff.event.SealedSignup;
import org.brokerhandoff.eventlog.EventPublisher;
import org.brokerhandoff.eventlog.PublicationFailed;
import org.brokerhandoff.eventlog.RecordPosition;
import org.brokerhandoff.ingest.domain.Entry;
import org.brokerhandoff.ingest.idempotency.IdempotencyFailed;
import org.brokerhandoff.ingest.idempotency.IdempotencyStore;
import org.brokerhandoff.ingest.idempotency.RequestMark;
import org.brokerhandoff.ingest.idempotency.Reservation;
import org.brokerhandoff.ingest.intake.FaultPoints.Arrow;
import org.brokerhandoff.ingest.intake.IntakeMeters.Stage;
import org.brokerhandoff.ingest.publish.SignupEvents;
import org.brokerhandoff.register.RegisterBehind;
import org.brokerhandoff.register.RegisterUnavailable;
import org.brokerhandoff.schemas.HoldTimes;
import org.brokerhandoff.schemas.SealBinding;
import org.brokerhandoff.schemas.Topic;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes valid signups in, and contact messages, which are signups for another purpose. The order of the steps, and why:
 *
 * <ol>
 *   <li><b>Reservation, durable.</b> First, because from the next step on something exists under the signup id, and a retry has
 *       to find it. Death here: a row without a slot; the retry finds nothing held and goes on under the same id.
 *   <li><b>Key in custody, synced.</b> Before anything is published, because a record whose key could be lost could be neither
 *       delivered nor, provably, destroyed. Death here: a held key that is never asked for, overwritten at its expiry; the retry finds
 *       it by the signup id and uses it.
 *   <li><b>{@code ConsentGranted}, for a message {@code ContactReceived}, acknowledged.</b> Before the sealed signup, so that no disclosure can exist without its
 *       evidence. Death here: evidence of a consent under which nothing happens; the retry publishes it again with the same
 *       event id.
 *   <li><b>{@code SealedSignup} acknowledged.</b> From here the router may hand the person on. Death here: the website has no
 *       answer; the retry finds the slot offered, erased or gone and answers, or finds it still held, has it synced again and publishes
 *       again with the same id <i>and the same key</i>. The second copy can be delivered only if the first was not: the first
 *       delivery destroys the key of both.
 *   <li><b>Position and acceptance noted.</b> Neither is waited for: both only spare a later search.
 *   <li><b>The answer.</b> Never before both acknowledgements.
 * </ol>
 */
public final class Intake {
    private static final Logger LOG = LoggerFactory.getLogger(Intake.class);

    /** A repeat is not sent when its key has less than this left, several times what Kafka may take, or less than a quarter of the hold. */
    private static final Duration LEAST_LEFT = Duration.ofSeconds(45);

    private final SignupKeys keys;
    private final EventPublisher publisher;
    private final IdempotencyStore store;
    private final Admission admission;
    private final Executor publishing;
    private final IntakeMeters meters;
    private final FaultPoints faultPoints;

    private final NoArgGenerator ids = Generators.timeBasedEpochRandomGenerator(new SecureRandom());
    private final ConcurrentMap<ClientKey, CompletableFuture<IntakeOutcome>> underWay = new ConcurrentHashMap<>();

    /** In memory only, and only while the request is under way. */
    private record ClientKey(String client, String idempotencyKey) {}

    /** @param publishing runs short tasks that may block while Kafka's buffer is full */
    public Intake(
            SignupKeys keys,
            EventPublisher publisher,
            IdempotencyStore store,
            Admission admission,
            Executor publishing,
            IntakeMeters meters,
            FaultPoints faultPoints) {
        this.keys = keys;
        this.publisher = publisher;
        this.store = store;
        this.admission = admission;
        this.publishing = publishing;
        this.meters = meters;
        this.faultPoints = faultPoints;
        meters.underWay(admission::underWay);
    }

    /**
     * Takes a signup in. Does not block. The stage never fails; it completes on any thread.
     *
     * <p>Of two submissions with the same key of the same client at the same time, the second waits for the first.
     */
    public CompletionStage<IntakeOutcome> submit(Submission submission) {
        ClientKey key = new ClientKey(submission.client(), submission.idempotencyKey());
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
            // Out of the map first: the next request has to ask the store, which knows the outcome by now.
            underWay.remove(key, own);
            own.complete(told);
        });
        return own;
    }

    /**
     * The answer to a request that is refused: {@code refusal}, unless an earlier request with this key was taken in. Its answer
     * stands, whatever a later one says. Takes nothing in.
     */
    CompletionStage<SignupAnswer> unlessTakenEarlier(String client, String idempotencyKey, SignupAnswer refusal) {
        return store.find(client, idempotencyKey)
                .thenCompose(found -> found.isEmpty()
                        ? CompletableFuture.<Optional<IntakeOutcome>>completedStage(Optional.empty())
                        : earlier(found.get()))
                .exceptionally(failure -> Optional.of(unavailable(failure)))
                .thenApply(earlier ->
                        earlier.<SignupAnswer>map(SignupAnswer.Taken::new).orElse(refusal));
    }

    private CompletionStage<Optional<IntakeOutcome>> earlier(Reservation reservation) {
        if (reservation.state() == Reservation.State.ACCEPTED) {
            return CompletableFuture.completedStage(Optional.of(accepted(reservation, true)));
        }
        // The earlier request reported no end: to refuse this one could make the website send the
        // person again under another id.
        return keys.of(reservation).thenApply(finding -> {
            if (finding instanceof Finding.StillHeld held) {
                held.key().destroy();
                return Optional.of(new IntakeOutcome.Unavailable(Unavailability.LOG_UNAVAILABLE));
            } else if (finding instanceof Finding.TakenUp) {
                return Optional.of(accepted(reservation, true));
            }
            return Optional.empty();
        });
    }

    private CompletionStage<IntakeOutcome> run(Submission submission, long began) {
        Optional<Unavailability> refusal = admission.refusal();
        if (refusal.isPresent()) {
            return done(new IntakeOutcome.Unavailable(refusal.get()));
        }
        Instant eraseBy = submission.receivedAt().plus(submission.hold());
        return store.reserve(
                        submission.client(),
                        submission.idempotencyKey(),
                        ids.generate(),
                        submission.receivedAt(),
                        eraseBy,
                        mark(submission))
                .thenCompose(reservation -> {
                    meters.ended(Stage.RESERVE, began);
                    return switch (reservation.state()) {
                        case NEW -> {
                            faultPoints.reached(Arrow.RESERVED);
                            yield hold(reservation, submission);
                        }
                        case ACCEPTED -> done(accepted(reservation, true));
                        case RESERVED -> resume(reservation, submission);
                    };
                })
                .whenComplete((outcome, failure) -> admission.left());
    }

    private CompletionStage<IntakeOutcome> hold(Reservation reservation, Submission submission) {
        long began = System.nanoTime();
        Instant expiry = times(reservation).keyExpiry();
        return keys.hold(reservation.signupId(), expiry)
                .thenComposeAsync(
                        outcome -> {
                            meters.ended(Stage.HOLD, began);
                            if (outcome instanceof HoldOutcome.Held held) {
                                faultPoints.reached(Arrow.HELD);
                                return publish(reservation, held.slot(), held.key(), submission);
                            }
                            // Nothing exists under this id, so a retry may as well start afresh instead of searching.
                            store.release(reservation.id());
                            return done(new IntakeOutcome.Unavailable(Unavailability.CUSTODY_FULL));
                        },
                        publishing);
    }

    private CompletionStage<IntakeOutcome> publish(
            Reservation reservation, SlotReference slot, DataKey key, Submission submission) {
        UUID id = reservation.signupId();
        // Of a repeat, the consent's time is the first request's, as the events say it already.
        Entry entry = reservation
                .request()
                .map(request -> submission.entry().givenAt(request.givenAt()))
                .orElse(submission.entry());
        SealedSignup unsealed = SignupEvents.unsealed(id, entry, slot, reservation.receivedAt(), times(reservation));
        byte[] sealed;
        try {
            sealed = Sealer.seal(
                    key,
                    submission.person(),
                    SealBinding.FORM,
                    SealBinding.of(unsealed).associatedData());
        } finally {
            key.destroy();
            submission.person().wipe();
        }
        long began = System.nanoTime();
        return publisher
                .publish(
                        Topic.CONSENTS,
                        id,
                        SignupEvents.evidence(
                                id, submission.owner(), entry, reservation.receivedAt(), reservation.eraseBy()))
                .thenComposeAsync(
                        granted -> {
                            long acknowledged = meters.ended(Stage.CONSENT, began);
                            faultPoints.reached(Arrow.CONSENT_ACKNOWLEDGED);
                            if (!keys.stillHeld(id, slot)) {
                                // It expired while Kafka was slow: what would be published now could not be opened.
                                return keys.of(reservation).thenApply(finding -> concluded(reservation, finding));
                            }
                            return publisher
                                    .publish(Topic.SIGNUPS, id, SignupEvents.sealed(unsealed, sealed))
                                    .thenCompose(position -> {
                                        meters.ended(Stage.SIGNUP, acknowledged);
                                        return published(reservation, slot, position);
                                    });
                        },
                        publishing)
                .exceptionally(failure -> {
                    // Held and perhaps published: the retry has to find this very slot.
                    store.noteSlot(reservation.id(), slot);
                    return unavailable(failure);
                });
    }

    private CompletionStage<IntakeOutcome> published(
            Reservation reservation, SlotReference slot, RecordPosition position) {
        faultPoints.reached(Arrow.SIGNUP_ACKNOWLEDGED);
        admission.logAcknowledged();
        keys.published(reservation.signupId(), slot, position);
        return keys.ofPublished(reservation.signupId(), slot).thenApply(finding -> {
            if (!(finding instanceof Finding.TakenUp)) {
                return new IntakeOutcome.Spent();
            }
            store.noteAccepted(reservation.id(), slot);
            faultPoints.reached(Arrow.ACCEPTANCE_NOTED);
            return accepted(reservation, false);
        });
    }

    /** Takes up a signup whose earlier request reported no end. */
    private CompletionStage<IntakeOutcome> resume(Reservation reservation, Submission submission) {
        return keys.of(reservation)
                .thenComposeAsync(
                        finding -> {
                            if (finding instanceof Finding.StillHeld held) {
                                return resume(reservation, held, submission);
                            } else if (finding instanceof Finding.NothingHeld) {
                                Instant now = submission.receivedAt();
                                return store.renew(reservation, now, now.plus(submission.hold()), mark(submission))
                                        .thenCompose(renewed -> hold(renewed, submission));
                            }
                            return done(concluded(reservation, finding));
                        },
                        publishing);
    }

    private CompletionStage<IntakeOutcome> resume(
            Reservation reservation, Finding.StillHeld held, Submission submission) {
        boolean same = reservation
                .request()
                .map(first -> first.digest().equals(mark(submission).digest()))
                .orElse(true);
        if (!same) {
            held.key().destroy();
            return done(new IntakeOutcome.Conflict());
        }
        // What is sent so late could arrive after the key has expired and its purge was published.
        if (!submission.receivedAt().isBefore(lastSending(reservation))) {
            held.key().destroy();
            return done(new IntakeOutcome.Unavailable(Unavailability.LOG_UNAVAILABLE));
        }
        return publish(reservation, held.slot(), held.key(), submission);
    }

    /** The outcome where nothing is left to do. */
    private IntakeOutcome concluded(Reservation reservation, Finding finding) {
        if (finding instanceof Finding.TakenUp takenUp) {
            takenUp.slot()
                    .ifPresentOrElse(
                            slot -> store.noteAccepted(reservation.id(), slot),
                            () -> store.noteAccepted(reservation.id()));
            return accepted(reservation, true);
        } else if (finding instanceof Finding.StillHeld held) {
            held.key().destroy();
            return new IntakeOutcome.Unavailable(Unavailability.LOG_UNAVAILABLE);
        }
        return new IntakeOutcome.Spent();
    }

    private static RequestMark mark(Submission submission) {
        return new RequestMark(
                SignupEvents.digest(submission.owner(), submission.entry()),
                submission.entry().givenAt());
    }

    /** By the hold that was promised when it was reserved: the setting may have changed since, and the seal is bound to eraseBy. */
    private static HoldTimes times(Reservation reservation) {
        return HoldTimes.of(
                reservation.receivedAt(), Duration.between(reservation.receivedAt(), reservation.eraseBy()));
    }

    private static Instant lastSending(Reservation reservation) {
        Instant expiry = times(reservation).keyExpiry();
        Duration quarter = Duration.between(reservation.receivedAt(), expiry).dividedBy(4);
        return expiry.minus(quarter.compareTo(LEAST_LEFT) < 0 ? quarter : LEAST_LEFT);
    }

    private static IntakeOutcome accepted(Reservation reservation, boolean replayed) {
        return new IntakeOutcome.Accepted(reservation.signupId(), reservation.eraseBy(), replayed);
    }

    private IntakeOutcome unavailable(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (cause instanceof PublicationFailed) {
            admission.logFailed();
            return new IntakeOutcome.Unavailable(Unavailability.LOG_UNAVAILABLE);
        } else if (cause instanceof CustodyException) {
            return new IntakeOutcome.Unavailable(Unavailability.CUSTODY_FAILED);
        } else if (cause instanceof IdempotencyFailed) {
            return new IntakeOutcome.Unavailable(Unavailability.STORE_UNAVAILABLE);
        } else if (cause instanceof RegisterBehind || cause instanceof RegisterUnavailable) {
            return new IntakeOutcome.Unavailable(Unavailability.REGISTER_BEHIND);
        }
        // Only the kind: the message might quote personal data.
        LOG.warn(
                "a signup could not be taken in: {}",
                cause == null ? "unknown" : cause.getClass().getName());
        return new IntakeOutcome.Unavailable(Unavailability.UNEXPECTED);
    }

    private static CompletionStage<IntakeOutcome> done(IntakeOutcome outcome) {
        return CompletableFuture.completedStage(outcome);
    }
}
