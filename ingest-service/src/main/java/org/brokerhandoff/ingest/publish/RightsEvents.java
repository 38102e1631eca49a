package org.brokerhandoff.ingest.publish;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import org.brokerhandoff.event.ExtensionReason;
import org.brokerhandoff.event.RandomId;
import org.brokerhandoff.event.RightsRequestDecided;
import org.brokerhandoff.event.RightsRequestExtended;
import org.brokerhandoff.event.RightsRequested;
import org.brokerhandoff.ingest.domain.RightsRuling;
import org.brokerhandoff.register.RightsRequest;
import org.brokerhandoff.schemas.SignupIds;

/** Makes the events of people's requests. */
public final class RightsEvents {
    private RightsEvents() {}

    /**
     * A new request.
     *
     * @param attempts number of attempts that custody had counted
     * @param actor id of the API key that was used; empty: the receipt's capability was
     */
    public static RightsRequested requested(
            UUID signupId, RightsRequest request, OptionalInt attempts, Optional<String> actor) {
        return RightsRequested.newBuilder()
                .setSignupId(SignupIds.fixed(signupId))
                .setRequestId(id(request.requestId()))
                .setType(request.type())
                .setRequestedAt(request.requestedAt())
                .setDueAt(request.dueAt())
                .setMethod(request.method())
                .setFound(request.found().orElse(null))
                .setAttempts(attempts.isPresent() ? attempts.getAsInt() : null)
                .setSealedAs(request.correction()
                        .map(correction -> SignupIds.fixed(correction.sealedAs()))
                        .orElse(null))
                .setActor(actor.orElse(null))
                .build();
    }

    /** The answer to a request is postponed. */
    public static RightsRequestExtended extended(
            UUID signupId, UUID requestId, Instant dueAt, ExtensionReason reason, Instant at, String actor) {
        return new RightsRequestExtended(SignupIds.fixed(signupId), id(requestId), at, dueAt, reason, actor);
    }

    /** A request is decided. */
    public static RightsRequestDecided decided(
            UUID signupId, UUID requestId, RightsRuling ruling, Instant at, String actor) {
        return new RightsRequestDecided(
                SignupIds.fixed(signupId), id(requestId), at, ruling.decision(), ruling.ground(), actor);
    }

    private static RandomId id(UUID requestId) {
        return new RandomId(SignupIds.bytes(requestId));
    }
}
