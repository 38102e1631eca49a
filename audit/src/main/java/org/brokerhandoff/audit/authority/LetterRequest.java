package org.brokerhandoff.audit.authority;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.apache.avro.specific.SpecificRecord;
import org.brokerhandoff.event.RandomId;
import org.brokerhandoff.event.RequestDecision;
import org.brokerhandoff.event.RightsGround;
import org.brokerhandoff.event.RightsRequestDecided;
import org.brokerhandoff.event.RightsRequestExtended;
import org.brokerhandoff.event.RightsRequested;
import org.brokerhandoff.event.RightsType;
import org.brokerhandoff.schemas.EventId;
import org.brokerhandoff.schemas.SignupIds;

/**
 * A person's request about a registration.
 *
 * @param dueAt deadline for the answer, extensions included
 * @param decision the operator's, if any
 */
public record LetterRequest(
        UUID requestId, RightsType type, Instant requestedAt, Instant dueAt, Optional<Decision> decision) {
    /** The operator's decision. */
    public record Decision(Instant at, RequestDecision outcome, RightsGround ground) {}

    /** The requests about {@code signupId} among events in log order; the first of repeated ones counts. */
    static List<LetterRequest> of(UUID signupId, Collection<? extends SpecificRecord> events) {
        Map<RandomId, LetterRequest> requests = new LinkedHashMap<>();
        for (SpecificRecord event : events) {
            if (EventId.signup(event).filter(signupId::equals).isEmpty()) {
                continue;
            }
            if (event instanceof RightsRequested e) {
                requests.putIfAbsent(
                        e.getRequestId(),
                        new LetterRequest(
                                SignupIds.uuid(e.getRequestId().bytes()),
                                e.getType(),
                                e.getRequestedAt(),
                                e.getDueAt(),
                                Optional.empty()));
            } else if (event instanceof RightsRequestExtended e) {
                requests.computeIfPresent(e.getRequestId(), (id, request) -> request.extended(e.getDueAt()));
            } else if (event instanceof RightsRequestDecided e) {
                requests.computeIfPresent(
                        e.getRequestId(),
                        (id, request) ->
                                request.decided(new Decision(e.getDecidedAt(), e.getDecision(), e.getGround())));
            }
        }
        return new ArrayList<>(requests.values());
    }

    /** Ids of the new data that rectifications of {@code signupId} submitted: receiving it notifies the recipient. */
    static Set<UUID> newData(UUID signupId, Collection<? extends SpecificRecord> events) {
        Set<UUID> ids = new HashSet<>();
        for (SpecificRecord event : events) {
            if (event instanceof RightsRequested e
                    && e.getSealedAs() != null
                    && EventId.signup(event).filter(signupId::equals).isPresent()) {
                ids.add(SignupIds.uuid(e.getSealedAs()));
            }
        }
        return ids;
    }

    private LetterRequest extended(Instant until) {
        return new LetterRequest(requestId, type, requestedAt, until.isAfter(dueAt) ? until : dueAt, decision);
    }

    private LetterRequest decided(Decision made) {
        return new LetterRequest(requestId, type, requestedAt, dueAt, decision.or(() -> Optional.of(made)));
    }
}
