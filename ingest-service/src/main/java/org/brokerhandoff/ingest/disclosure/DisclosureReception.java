package org.brokerhandoff.ingest.disclosure;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.brokerhandoff.event.Digest;
import org.brokerhandoff.eventlog.EventPublisher;
import org.brokerhandoff.ingest.accept.DisclosureParser;
import org.brokerhandoff.ingest.domain.DisclosureRequest;
import org.brokerhandoff.ingest.idempotency.RequestMark;
import org.brokerhandoff.ingest.idempotency.Reservation;
import org.brokerhandoff.ingest.idempotency.Reservations;
import org.brokerhandoff.ingest.intake.ContactReception;
import org.brokerhandoff.ingest.intake.FaultPoints;
import org.brokerhandoff.ingest.intake.FaultPoints.Arrow;
import org.brokerhandoff.ingest.intake.IntakeOutcome;
import org.brokerhandoff.ingest.intake.Request;
import org.brokerhandoff.ingest.intake.TimeOfReceipt;
import org.brokerhandoff.ingest.intake.Unavailability;
import org.brokerhandoff.ingest.publish.DisclosureEvents;
import org.brokerhandoff.ingest.status.DisclosureReader;
import org.brokerhandoff.schemas.Topic;

/**
 * Accepts requests for disclosure. The order of the steps, and why:
 *
 * <ol>
 * <li><b>Does the signup exist?</b> A request about none is refused; nothing of it is kept.
 *   <li><b>The request's id is reserved under the idempotency key, and durable.</b> Before anything is published under it, so that a repeat
 *       after a crash enters the same request. Death here: the repeat finds the reservation.
 *   <li><b>How to reach the requester is accepted</b> as a message to the helpdesk, sealed under its own id. Before the request, which
 *       names that id. Death here: a message that no request names; it is handed over and purged as any, and the repeat gets the same one.
 *   <li><b>{@code DisclosureRequested} acknowledged</b>, then the acceptance noted, then the answer. Death here: the repeat publishes the same
 *       event with the same id.
 * </ol>
 */
public final class DisclosureReception {
    /** For a reservation that concerns no hold. */
    private static final Duration NO_HOLD = Duration.ZERO;

    private final DisclosureReader reader;
    private final Reservations reservations;
    private final ContactReception contacts;
    private final EventPublisher publisher;
    private final TimeOfReceipt clock;
    private final Executor blocking;
    private final FaultPoints faultPoints;

    /**
     * A reception of requests.
     *
     * @param blocking makes reservations durable
     */
    public DisclosureReception(
            DisclosureReader reader,
            Reservations reservations,
            ContactReception contacts,
            EventPublisher publisher,
            TimeOfReceipt clock,
            Executor blocking,
            FaultPoints faultPoints) {
        this.reader = reader;
        this.reservations = reservations;
        this.contacts = contacts;
        this.publisher = publisher;
        this.clock = clock;
        this.blocking = blocking;
        this.faultPoints = faultPoints;
    }

    /** The request that was entered under the same idempotency key, whatever a later one says; empty if there is none. Fails if that is not known. */
    public CompletionStage<Optional<UUID>> earlier(Request from) {
        Request request = from.ofDisclosure();
        return request.resumedAfter(reservations.find(request.client(), request.idempotencyKey()))
                .thenApply(earlier -> earlier.filter(found -> found.state() == Reservation.State.ACCEPTED)
                        .map(Reservation::signupId));
    }

    /**
     * Enters a request, unless one was entered under the same idempotency key; to be called on its loop. Does not block. Fails if the log does not
     * acknowledge, or cannot be queried.
     *
     * @param entered its person is always wiped
     * @param actor id of the API key that was used
     */
    public CompletionStage<EntryOutcome> enter(Request from, DisclosureParser.Entered entered, String actor) {
        return earlier(from)
                .thenCompose(earlier -> earlier.isPresent()
                        ? CompletableFuture.<EntryOutcome>completedStage(new EntryOutcome.Entered(earlier.get(), true))
                        : enterAnew(from.ofDisclosure(), entered, actor))
                // The intake has wiped what it accepted.
                .whenComplete((outcome, failure) ->
                        entered.contact().ifPresent(valid -> valid.person().wipe()));
    }

    private CompletionStage<EntryOutcome> enterAnew(Request request, DisclosureParser.Entered entered, String actor) {
        Optional<Instant> now = clock.now();
        if (now.isEmpty()) {
            return CompletableFuture.completedStage(unavailable(Unavailability.CLOCK_IN_DOUBT));
        }
        DisclosureRequest asked = entered.request();
        RequestMark mark =
                new RequestMark(DisclosureEvents.digest(asked, entered.contact().isPresent(), actor), Instant.EPOCH);
        return reader.signup(asked.signupId())
                .thenCompose(signup -> signup.isPresent()
                        ? reserved(request, now.get(), mark).thenApply(Optional::of)
                        : CompletableFuture.<Optional<Reservation>>completedStage(Optional.empty()))
                .thenComposeAsync(
                        reservation -> reservation
                                .map(found -> reserved(request, found, entered, mark.digest(), actor)
                                        .whenComplete((outcome, failure) -> {
                                            if (!(outcome instanceof EntryOutcome.Entered)) {
                                                reservations.noteLeft(found, Optional.empty());
                                            }
                                        }))
                                .orElseGet(() -> CompletableFuture.completedStage(new EntryOutcome.UnknownSignup())),
                        request.loop());
    }

    private CompletionStage<Reservation> reserved(Request request, Instant now, RequestMark mark) {
        Instant at = now.truncatedTo(ChronoUnit.MILLIS);
        return reservations
                .reserve(request.client(), request.idempotencyKey(), UUID.randomUUID(), at, at.plus(NO_HOLD), mark)
                .thenApplyAsync(
                        reservation -> {
                            if (reservation.state() != Reservation.State.ACCEPTED) {
                                reservations.makeDurable(reservation);
                                faultPoints.reached(Arrow.DISCLOSURE_RESERVED);
                            }
                            return reservation;
                        },
                        blocking);
    }

    private CompletionStage<EntryOutcome> reserved(
            Request request, Reservation reservation, DisclosureParser.Entered entered, Digest digest, String actor) {
        if (reservation.state() == Reservation.State.ACCEPTED) {
            return CompletableFuture.completedStage(new EntryOutcome.Entered(reservation.signupId(), true));
        }
        if (reservation.request().filter(first -> first.digest().equals(digest)).isEmpty()) {
            return CompletableFuture.completedStage(new EntryOutcome.NotTaken(new IntakeOutcome.Conflict()));
        }
        if (entered.contact().isEmpty()) {
            return publish(reservation, entered.request(), Optional.empty(), actor);
        }
        return contacts.take(request, entered.contact().get()).thenCompose(outcome -> {
            if (outcome instanceof IntakeOutcome.Accepted accepted) {
                faultPoints.reached(Arrow.DISCLOSURE_CONTACT_TAKEN);
                return publish(reservation, entered.request(), Optional.of(accepted.signupId()), actor);
            }
            return CompletableFuture.completedStage(new EntryOutcome.NotTaken(outcome));
        });
    }

    private CompletionStage<EntryOutcome> publish(
            Reservation reservation, DisclosureRequest asked, Optional<UUID> sealedAs, String actor) {
        return publisher
                .publish(
                        Topic.CONSENTS,
                        asked.signupId(),
                        DisclosureEvents.requested(
                                reservation.signupId(), asked, sealedAs, reservation.receivedAt(), actor))
                .thenApply(acknowledged -> {
                    faultPoints.reached(Arrow.DISCLOSURE_REQUEST_ACKNOWLEDGED);
                    reservations.noteAccepted(reservation, Optional.empty());
                    return new EntryOutcome.Entered(reservation.signupId(), false);
                });
    }

    private static EntryOutcome unavailable(Unavailability reason) {
        return new EntryOutcome.NotTaken(new IntakeOutcome.Unavailable(reason));
    }
}
