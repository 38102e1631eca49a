package org.brokerhandoff.register;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.brokerhandoff.event.DisclosureBasis;
import org.brokerhandoff.event.DisclosureDecided;
import org.brokerhandoff.event.DisclosureGround;
import org.brokerhandoff.event.DisclosureQuestionAnswered;
import org.brokerhandoff.event.DisclosureQuestionAsked;
import org.brokerhandoff.event.DisclosureRequested;
import org.brokerhandoff.event.DisclosureRequester;
import org.brokerhandoff.event.DisclosureScope;
import org.brokerhandoff.event.PreservationReleased;
import org.brokerhandoff.event.RandomId;
import org.brokerhandoff.event.RequestDecision;
import org.brokerhandoff.event.RequestMethod;
import org.brokerhandoff.schemas.SignupIds;

/** Events of one request for disclosure. */
final class DisclosureEvents {
    static final Instant UNTIL = Events.NOON.plusSeconds(2 * 86_400);
    static final Instant ANSWER_BY = Events.NOON.plusSeconds(600);

    private DisclosureEvents() {}

    static DisclosureRequested requested(UUID signupId, UUID requestId) {
        return requested(signupId, requestId, Events.NOON);
    }

    static DisclosureRequested requested(UUID signupId, UUID requestId, Instant at) {
        return new DisclosureRequested(
                SignupIds.fixed(signupId),
                random(requestId),
                at,
                DisclosureRequester.AUTHORITY,
                "NO",
                DisclosureBasis.CONSENT,
                List.of(DisclosureScope.RECIPIENTS, DisclosureScope.PURGE),
                true,
                SignupIds.fixed(sealedAs(requestId)),
                "admin-1",
                UNTIL);
    }

    /** Of a message that belongs to the request. */
    static UUID sealedAs(UUID requestId) {
        return new UUID(requestId.getMostSignificantBits() ^ 1, requestId.getLeastSignificantBits());
    }

    static DisclosureQuestionAsked asked(UUID signupId, UUID requestId) {
        return new DisclosureQuestionAsked(
                SignupIds.fixed(signupId),
                random(requestId),
                random(questionId(requestId)),
                Events.NOON.plusSeconds(60),
                ANSWER_BY,
                "admin-1");
    }

    static UUID questionId(UUID requestId) {
        return new UUID(requestId.getMostSignificantBits() ^ 2, requestId.getLeastSignificantBits());
    }

    static DisclosureQuestionAnswered answered(UUID signupId, UUID requestId, boolean consented, Instant at) {
        return new DisclosureQuestionAnswered(
                SignupIds.fixed(signupId),
                random(requestId),
                random(questionId(requestId)),
                at,
                consented,
                RequestMethod.RECEIPT,
                null);
    }

    static DisclosureDecided decided(UUID signupId, UUID requestId, RequestDecision decision) {
        return new DisclosureDecided(
                SignupIds.fixed(signupId),
                random(requestId),
                Events.NOON.plusSeconds(900),
                decision,
                decision == RequestDecision.GRANTED
                        ? DisclosureGround.PERSON_CONSENTED
                        : DisclosureGround.PERSON_REFUSED,
                "admin-2",
                decision == RequestDecision.GRANTED ? UNTIL : null);
    }

    static PreservationReleased released(UUID signupId, UUID requestId) {
        return new PreservationReleased(
                SignupIds.fixed(signupId), random(requestId), Events.NOON.plusSeconds(1000), "admin-3");
    }

    private static RandomId random(UUID id) {
        return new RandomId(SignupIds.bytes(id));
    }
}
