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
     * @param sealedAs id of the message with the requester's contact details
     * @param actor id of the API key that entered it
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

    /** Identity of a request's content: all of the event except ids and times. */
    public static Digest digest(DisclosureRequest request, boolean withContact, String actor) {
        // Avro's form of a record without a person.
        return Digests.sha256(
                requested(NO_ID, request, Optional.of(NO_ID).filter(id -> withContact), Instant.EPOCH, actor)
                        .toString());
    }

    /**
     * The question to the person. A request has one, whose id is derived from the request's, so that two services that ask at once ask the
     * same question.
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
     * @param actor id of the API key that was used; empty: the capability of the receipt was
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

    /** The decision. A granted request that orders preservation until a time is a hold. */
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

    /** The end of the preservation that a decision orders. */
    public static Optional<Instant> preserved(Disclosure request, DisclosureRuling ruling) {
        return ruling.decision() == RequestDecision.GRANTED ? request.entered().preserveUntil() : Optional.empty();
    }

    /** The early end of a hold. */
    public static PreservationReleased released(Disclosure request, Instant at, String actor) {
        return new PreservationReleased(SignupIds.fixed(request.signupId()), random(request.requestId()), at, actor);
    }

    private static RandomId random(UUID id) {
        return new RandomId(SignupIds.bytes(id));
    }
}
