package org.brokerhandoff.ingest.publish;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.brokerhandoff.event.Digest;
import org.brokerhandoff.event.DisclosureDecided;
import org.brokerhandoff.event.DisclosureQuestionAnswered;
import org.brokerhandoff.event.DisclosureQuestionAsked;
import org.brokerhandoff.event.DisclosureRequested;
import org.brokerhandoff.event.PreservationReleased;
import org.brokerhandoff.event.RandomId;
import org.brokerhandoff.event.RequestDecision;
import org.brokerhandoff.ingest.domain.DisclosureConsent;
import org.brokerhandoff.ingest.domain.DisclosureRequest;
import org.brokerhandoff.ingest.domain.DisclosureRuling;
import org.brokerhandoff.register.Disclosure;
import org.brokerhandoff.schemas.Digests;
import org.brokerhandoff.schemas.SignupIds;

/** Makes the events of requests for disclosure. */
public final class DisclosureEvents {
    private static final UUID NO_ID = new UUID(0, 0);

    private DisclosureEvents() {}

    /**
     * A request.
     *
     * @param sealedAs id of the message with how to reach the requester
     * @param actor id of the API key that it is entered with
     */
    public static DisclosureRequested requested(
            UUID requestId, DisclosureRequest request, Optional<UUID> sealedAs, Instant at, String actor) {
        return new DisclosureRequested(
                SignupIds.fixed(request.signupId()),
                random(requestId),
                at,
                request.requester(),
                request.country(),
                request.basis(),
                request.scope(),
                request.preservation(),
                sealedAs.map(SignupIds::fixed).orElse(null),
                actor,
                request.preserveUntil().orElse(null));
    }

    /** By which two requests are known to say the same: all that the event says, but for ids and times. */
    public static Digest digest(DisclosureRequest request, boolean withContact, String actor) {
        // Avro's form of a record without a person.
        return Digests.sha256(
                requested(NO_ID, request, Optional.of(NO_ID).filter(id -> withContact), Instant.EPOCH, actor)
                        .toString());
    }

    /**
     * The question to the person. A request has one, whose id follows from the request's, so that two services that ask at once ask the same
     * question.
     */
    public static DisclosureQuestionAsked asked(Disclosure request, Instant at, Instant answerBy, String actor) {
        return new DisclosureQuestionAsked(
                SignupIds.fixed(request.signupId()),
                random(request.requestId()),
                random(questionId(request.requestId())),
                at,
                answerBy,
                actor);
    }

    /** The id of the question about a request. */
    static UUID questionId(UUID requestId) {
        return UUID.nameUUIDFromBytes(("disclosure-question/" + requestId).getBytes(StandardCharsets.UTF_8));
    }

    /**
     * The person's answer.
     *
     * @param actor id of the API key that it came with; empty: with the capability of the receipt
     */
    public static DisclosureQuestionAnswered answered(
            Disclosure request, UUID questionId, DisclosureConsent answer, Instant at, Optional<String> actor) {
        return new DisclosureQuestionAnswered(
                SignupIds.fixed(request.signupId()),
                random(request.requestId()),
                random(questionId),
                at,
                answer.consented(),
                answer.method(),
                actor.orElse(null));
    }

    /** The decision. Granted, a request that orders until when the signup be kept is a hold. */
    public static DisclosureDecided decided(Disclosure request, DisclosureRuling ruling, Instant at, String actor) {
        return new DisclosureDecided(
                SignupIds.fixed(request.signupId()),
                random(request.requestId()),
                at,
                ruling.decision(),
                ruling.ground(),
                actor,
                preserved(request, ruling).orElse(null));
    }

    /** Until when a decision has the signup kept. */
    public static Optional<Instant> preserved(Disclosure request, DisclosureRuling ruling) {
        return ruling.decision() == RequestDecision.GRANTED ? request.entered().preserveUntil() : Optional.empty();
    }

    /** The end of a hold before its time. */
    public static PreservationReleased released(Disclosure request, Instant at, String actor) {
        return new PreservationReleased(SignupIds.fixed(request.signupId()), random(request.requestId()), at, actor);
    }

    private static RandomId random(UUID id) {
        return new RandomId(SignupIds.bytes(id));
    }
}
