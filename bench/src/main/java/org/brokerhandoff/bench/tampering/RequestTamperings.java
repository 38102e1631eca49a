package org.brokerhandoff.bench.tampering;

import static org.brokerhandoff.bench.tampering.Forger.any;
import static org.brokerhandoff.bench.tampering.Tampering.found;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BiPredicate;
import java.util.function.Function;
import org.brokerhandoff.bench.tampering.Forger.Life;
import org.brokerhandoff.event.Assigned;
import org.brokerhandoff.event.ConsentGranted;
import org.brokerhandoff.event.Delivered;
import org.brokerhandoff.event.DisclosureBasis;
import org.brokerhandoff.event.DisclosureDecided;
import org.brokerhandoff.event.DisclosureGround;
import org.brokerhandoff.event.DisclosureQuestionAnswered;
import org.brokerhandoff.event.DisclosureQuestionAsked;
import org.brokerhandoff.event.DisclosureRequested;
import org.brokerhandoff.event.HoldingFound;
import org.brokerhandoff.event.NoticeConfirmed;
import org.brokerhandoff.event.NoticeSent;
import org.brokerhandoff.event.PurgeReason;
import org.brokerhandoff.event.Purged;
import org.brokerhandoff.event.RequestDecision;
import org.brokerhandoff.event.RightsGround;
import org.brokerhandoff.event.RightsRequestDecided;
import org.brokerhandoff.event.RightsRequested;
import org.brokerhandoff.event.RightsType;
import org.brokerhandoff.schemas.SignupIds;

/** Faults in the requests of people and authorities, and in their outcomes. */
final class RequestTamperings {
    private static final Duration DAY = Duration.ofDays(1);
    private static final Duration HOUR = Duration.ofHours(1);

    private RequestTamperings() {}

    static List<Tampering> all() {
        return List.of(
                found(
                        "request-before-decision",
                        "a request that was decided is missing",
                        f -> f.remove(
                                RightsRequested.class,
                                (e, life) -> life.has(
                                        RightsRequestDecided.class,
                                        decided -> decided.getRequestId().equals(e.getRequestId())))),
                found(
                        "request-before-decision",
                        "refused on a ground that supports it",
                        f -> f.change(
                                RightsRequestDecided.class,
                                (e, life) -> e.getDecision() == RequestDecision.REFUSED,
                                e -> RightsRequestDecided.newBuilder(e)
                                        .setGround(RightsGround.JUSTIFIED)
                                        .build())),
                found(
                        "request-steps-dated",
                        "a request was decided an hour before it was made, by the decision's own time",
                        f -> f.change(
                                RightsRequestDecided.class,
                                any(),
                                e -> RightsRequestDecided.newBuilder(e)
                                        .setDecidedAt(e.getDecidedAt().minus(Duration.ofHours(1)))
                                        .build())),
                found(
                        "request-steps-dated",
                        "a person answered an hour before they were asked, by the answer's own time",
                        f -> f.change(
                                DisclosureQuestionAnswered.class,
                                any(),
                                e -> DisclosureQuestionAnswered.newBuilder(e)
                                        .setAnsweredAt(e.getAnsweredAt().minus(Duration.ofHours(1)))
                                        .build())),
                found(
                        "request-due",
                        "due after two months",
                        f -> f.change(
                                RightsRequested.class,
                                type(RightsType.ACCESS),
                                e -> RightsRequested.newBuilder(e)
                                        .setDueAt(e.getRequestedAt().plus(DAY.multipliedBy(62)))
                                        .build())),
                found(
                        "no-attempt-after-request",
                        "an erasure that found the data here, of a signup that a broker has",
                        f -> f.change(
                                RightsRequested.class,
                                (e, life) -> e.getType() == RightsType.ERASURE && life.has(Delivered.class),
                                e -> {
                                    Life life = f.life(e);
                                    return RightsRequested.newBuilder(e)
                                            .setFound(HoldingFound.HELD)
                                            .setAttempts(0)
                                            .setRequestedAt(life.first(Assigned.class)
                                                    .orElseThrow()
                                                    .getDecidedAt())
                                            .build();
                                })),
                found(
                        "no-attempt-after-request",
                        "restricted, but handed over",
                        f -> f.change(
                                RightsRequested.class,
                                (e, life) -> e.getType() == RightsType.RESTRICTION && life.has(Delivered.class),
                                e -> {
                                    Life life = f.life(e);
                                    return RightsRequested.newBuilder(e)
                                            .setFound(HoldingFound.HELD)
                                            .setAttempts(0)
                                            .setRequestedAt(life.first(Assigned.class)
                                                    .orElseThrow()
                                                    .getDecidedAt())
                                            .build();
                                })),
                found("request-notified", "the broker was never told of an erasure", RequestTamperings::untold),
                found(
                        "notice-confirmed-after-sent",
                        "a broker confirms an erasure that it was never told of",
                        f -> f.removeAll(
                                NoticeSent.class,
                                (e, life) -> e.getRequestId() != null
                                        && life.has(RightsRequested.class, type -> type.getType() == RightsType.ERASURE)
                                        && life.has(NoticeConfirmed.class))),
                found(
                        "request-answered",
                        "answered after it was due",
                        f -> f.change(
                                RightsRequested.class,
                                (e, life) -> e.getType() == RightsType.RESTRICTION
                                        && !decided(e, life)
                                        && life.has(NoticeConfirmed.class),
                                e -> RightsRequested.newBuilder(e)
                                        .setDueAt(e.getRequestedAt().plusMillis(1))
                                        .build())),
                found(
                        "correction-asked-for",
                        "new data that no request asked for",
                        f -> correction(f, f.remove(RightsRequested.class, type(RightsType.RECTIFICATION)))),
                found(
                        "correction-asked-for",
                        "a request for rectification that names other data",
                        f -> correction(
                                f,
                                f.change(
                                        RightsRequested.class,
                                        type(RightsType.RECTIFICATION),
                                        e -> RightsRequested.newBuilder(e)
                                                .setSealedAs(SignupIds.fixed(new UUID(9, 8)))
                                                .build()))),
                found(
                        "correction-asked-for",
                        "new data for a request for access",
                        f -> correction(
                                f,
                                f.change(
                                        RightsRequested.class,
                                        type(RightsType.RECTIFICATION),
                                        e -> RightsRequested.newBuilder(e)
                                                .setType(RightsType.ACCESS)
                                                .build()))),
                found(
                        "correction-to-holder",
                        "another broker accepted the signup than the one that got the new data",
                        f -> correction(
                                f,
                                f.change(
                                        Delivered.class,
                                        (e, life) -> life.has(
                                                RightsRequested.class,
                                                asked -> asked.getType() == RightsType.RECTIFICATION),
                                        e -> Delivered.newBuilder(e)
                                                .setBroker("choosy")
                                                .build()))),
                found(
                        "disclosure-entered-before",
                        "a disclosure that was decided was never entered",
                        f -> f.remove(DisclosureRequested.class, (e, life) -> life.has(DisclosureDecided.class))),
                found(
                        "disclosure-entered-before",
                        "entered after it was decided",
                        f -> f.move(
                                DisclosureRequested.class,
                                (e, life) -> e.getBasis() != DisclosureBasis.CONSENT,
                                DisclosureDecided.class)),
                found(
                        "disclosure-four-eyes",
                        "decided by the actor who entered it",
                        f -> decided(
                                f,
                                (e, life) -> true,
                                e -> DisclosureDecided.newBuilder(e)
                                        .setActor(f.life(e)
                                                .first(DisclosureRequested.class)
                                                .orElseThrow()
                                                .getActor())
                                        .build())),
                found(
                        "disclosure-four-eyes",
                        "the deciding actor answered for the person",
                        f -> f.change(
                                DisclosureQuestionAnswered.class,
                                (e, life) -> life.has(DisclosureDecided.class),
                                e -> DisclosureQuestionAnswered.newBuilder(e)
                                        .setActor(f.life(e)
                                                .first(DisclosureDecided.class)
                                                .orElseThrow()
                                                .getActor())
                                        .build())),
                found(
                        "disclosure-consent",
                        "granted although the person was never asked",
                        f -> f.remove(DisclosureQuestionAsked.class, (e, life) -> life.has(DisclosureDecided.class))),
                found(
                        "disclosure-consent",
                        "granted without an answer",
                        f -> f.remove(
                                DisclosureQuestionAnswered.class, (e, life) -> life.has(DisclosureDecided.class))),
                found(
                        "disclosure-consent",
                        "granted after a no",
                        f -> f.change(
                                DisclosureQuestionAnswered.class,
                                (e, life) -> e.getConsented() && life.has(DisclosureDecided.class),
                                e -> DisclosureQuestionAnswered.newBuilder(e)
                                        .setConsented(false)
                                        .build())),
                found(
                        "disclosure-consent",
                        "granted for a reason to refuse",
                        f -> decided(
                                f,
                                (e, life) -> e.getDecision() == RequestDecision.GRANTED,
                                e -> DisclosureDecided.newBuilder(e)
                                        .setGround(DisclosureGround.TOO_WIDE)
                                        .build())),
                found(
                        "disclosure-consent",
                        "an order granted in the person's name",
                        f -> decided(
                                f,
                                (e, life) -> e.getGround() == DisclosureGround.LEGAL_BASIS,
                                e -> DisclosureDecided.newBuilder(e)
                                        .setGround(DisclosureGround.PERSON_CONSENTED)
                                        .build())),
                found(
                        "preservation-ordered",
                        "granted with a hold that was not ordered",
                        f -> decided(
                                f,
                                (e, life) -> e.getDecision() == RequestDecision.GRANTED,
                                e -> DisclosureDecided.newBuilder(e)
                                        .setPreservedUntil(e.getDecidedAt().plus(HOUR))
                                        .build())),
                found(
                        "preservation-kept",
                        "destroyed for its age despite a preservation order",
                        f -> f.change(
                                Purged.class,
                                (e, life) -> life.has(DisclosureDecided.class, RequestTamperings::holds),
                                e -> Purged.newBuilder(e)
                                        .setReason(PurgeReason.EXPIRED)
                                        .build())),
                found(
                        "preservation-unsent",
                        "sent to a broker while preserved only for a court",
                        f -> f.change(
                                Delivered.class,
                                (e, life) -> life.has(DisclosureDecided.class, RequestTamperings::holds),
                                e -> Delivered.newBuilder(e)
                                        .setStartedAt(f.life(e)
                                                .first(ConsentGranted.class)
                                                .orElseThrow()
                                                .getEraseBy())
                                        .build())),
                found(
                        "disclosure-answer-in-time",
                        "answered after its time",
                        f -> f.change(DisclosureQuestionAnswered.class, any(), e -> {
                            DisclosureQuestionAsked asked = f.life(e)
                                    .first(DisclosureQuestionAsked.class)
                                    .orElseThrow();
                            return DisclosureQuestionAnswered.newBuilder(e)
                                    .setAnsweredAt(asked.getAnswerBy().plus(HOUR))
                                    .build();
                        })),
                found(
                        "disclosure-decided-once",
                        "decided, then decided differently",
                        f -> f.again(DisclosureDecided.class, any(), e -> {
                            boolean granted = e.getDecision() == RequestDecision.GRANTED;
                            return DisclosureDecided.newBuilder(e)
                                    .setDecision(granted ? RequestDecision.REFUSED : RequestDecision.GRANTED)
                                    .setGround(granted ? DisclosureGround.TOO_WIDE : DisclosureGround.LEGAL_BASIS)
                                    .build();
                        })),
                found(
                        "repeats-agree",
                        "a disclosure entered again by another",
                        f -> f.again(
                                DisclosureRequested.class,
                                any(),
                                e -> DisclosureRequested.newBuilder(e)
                                        .setActor("admin-9")
                                        .build())));
    }

    private static boolean holds(DisclosureDecided decision) {
        return decision.getPreservedUntil() != null;
    }

    private static BiPredicate<RightsRequested, Life> type(RightsType type) {
        return (e, life) -> e.getType() == type;
    }

    /** As above, with the signup of the new data as the affected one: it continues under its own id. */
    private static Optional<Forgery> correction(Forger forger, Optional<Forgery> forgery) {
        Optional<UUID> sealedAs = forger.first(RightsRequested.class, type(RightsType.RECTIFICATION))
                .map(found -> SignupIds.uuid(found.event().getSealedAs()));
        return forgery.map(made -> new Forgery(made.log(), sealedAs));
    }

    private static boolean decided(RightsRequested request, Life life) {
        return life.has(RightsRequestDecided.class, e -> e.getRequestId().equals(request.getRequestId()));
    }

    private static Optional<Forgery> decided(
            Forger forger,
            BiPredicate<DisclosureDecided, Life> which,
            Function<DisclosureDecided, DisclosureDecided> change) {
        return forger.change(DisclosureDecided.class, which, change);
    }

    private static Optional<Forgery> untold(Forger forger) {
        return forger.first(
                        RightsRequested.class,
                        (e, life) -> e.getType() == RightsType.ERASURE
                                && life.has(ConsentGranted.class)
                                && life.has(NoticeConfirmed.class))
                .flatMap(found -> forger.removeAll(
                                NoticeConfirmed.class,
                                (e, life) ->
                                        e.getSignupId().equals(found.event().getSignupId()))
                        .flatMap(once -> new Forger(once.log())
                                .removeAll(
                                        NoticeSent.class,
                                        (e, life) -> e.getSignupId()
                                                .equals(found.event().getSignupId()))));
    }
}
