package org.brokerhandoff.audit.verify;

import java.util.UUID;
import org.apache.avro.specific.SpecificRecord;
import org.brokerhandoff.event.HoldingFound;
import org.brokerhandoff.event.RequestDecision;
import org.brokerhandoff.event.RightsGround;
import org.brokerhandoff.event.RightsRequestDecided;
import org.brokerhandoff.event.RightsRequestExtended;
import org.brokerhandoff.event.RightsRequested;
import org.brokerhandoff.event.RightsType;
import org.brokerhandoff.schemas.SignupIds;
import org.jspecify.annotations.Nullable;

/** A fact about a person's request. All of them are in one partition of {@code consents}, so their offsets are ordered. */
sealed interface RightsFact extends Fact {
    /** Offset in {@code consents}. */
    long offset();

    /** Id of the request. */
    UUID requestId();

    /**
     * Custody's answer.
     *
     * @param attempts number that it had counted; null if the slot was gone. Custody's counter saturates at 255
     */
    record Holding(HoldingFound found, @Nullable Integer attempts) {}

    /**
     * A person exercises a right.
     *
     * @param holding null if nothing in custody depends on it
     * @param sealedAs id of the new data, which continues as a separate signup; null: none
     */
    record Request(
            long offset,
            UUID requestId,
            RightsType type,
            long requestedAtMillis,
            long dueAtMillis,
            @Nullable Holding holding,
            @Nullable UUID sealedAs)
            implements RightsFact {
        /** Whether custody gave this answer. */
        boolean found(HoldingFound answer) {
            return holding != null && holding.found() == answer;
        }

        @Override
        public Object identity() {
            return "requested/" + requestId;
        }

        @Override
        public Object substance() {
            return type;
        }

        @Override
        public boolean addsNothingTo(Fact earlier) {
            return earlier instanceof Request other
                    && new Request(other.offset, requestId, type, requestedAtMillis, dueAtMillis, holding, sealedAs)
                            .equals(other);
        }
    }

    /** The answer is extended. */
    record Extension(long offset, UUID requestId, long extendedAtMillis, long dueAtMillis) implements RightsFact {
        @Override
        public Object identity() {
            return "extended/" + requestId + "/" + dueAtMillis;
        }

        @Override
        public boolean addsNothingTo(Fact earlier) {
            return earlier instanceof Extension other
                    && identity().equals(other.identity())
                    && extendedAtMillis >= other.extendedAtMillis;
        }
    }

    /** The operator decided it. */
    record Decision(long offset, UUID requestId, long decidedAtMillis, RequestDecision decision, RightsGround ground)
            implements RightsFact {
        @Override
        public Object identity() {
            return "decided/" + requestId;
        }

        @Override
        public Object substance() {
            return decision;
        }

        @Override
        public boolean addsNothingTo(Fact earlier) {
            return earlier instanceof Decision other
                    && requestId.equals(other.requestId)
                    && decision == other.decision
                    && ground == other.ground
                    && decidedAtMillis >= other.decidedAtMillis;
        }
    }

    /** The statement of {@code event}, at {@code offset} of its topic, about a request; null if it is about none. */
    static @Nullable RightsFact of(SpecificRecord event, long offset) {
        if (event instanceof RightsRequested e) {
            return new Request(
                    offset,
                    SignupIds.uuid(e.getRequestId().bytes()),
                    e.getType(),
                    e.getRequestedAt().toEpochMilli(),
                    e.getDueAt().toEpochMilli(),
                    e.getFound() == null ? null : new Holding(e.getFound(), e.getAttempts()),
                    e.getSealedAs() == null ? null : SignupIds.uuid(e.getSealedAs()));
        } else if (event instanceof RightsRequestExtended e) {
            return new Extension(
                    offset,
                    SignupIds.uuid(e.getRequestId().bytes()),
                    e.getExtendedAt().toEpochMilli(),
                    e.getDueAt().toEpochMilli());
        } else if (event instanceof RightsRequestDecided e) {
            return new Decision(
                    offset,
                    SignupIds.uuid(e.getRequestId().bytes()),
                    e.getDecidedAt().toEpochMilli(),
                    e.getDecision(),
                    e.getGround());
        }
        return null;
    }
}
