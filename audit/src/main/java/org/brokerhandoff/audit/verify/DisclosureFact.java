package org.brokerhandoff.audit.verify;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.apache.avro.specific.SpecificRecord;
import org.brokerhandoff.event.DisclosureBasis;
import org.brokerhandoff.event.DisclosureDecided;
import org.brokerhandoff.event.DisclosureGround;
import org.brokerhandoff.event.DisclosureQuestionAnswered;
import org.brokerhandoff.event.DisclosureQuestionAsked;
import org.brokerhandoff.event.DisclosureRequested;
import org.brokerhandoff.event.DisclosureRequester;
import org.brokerhandoff.event.PreservationReleased;
import org.brokerhandoff.event.RequestDecision;
import org.brokerhandoff.schemas.SignupIds;
import org.jspecify.annotations.Nullable;

/** A fact about a request for disclosure. All of them are in one partition of {@code consents}, so their offsets are ordered. */
sealed interface DisclosureFact extends Fact {
    /** Offset in {@code consents}. */
    long offset();

    /** Id of the request. */
    UUID requestId();

    /**
     * It was entered.
     *
     * @param preserveUntilMillis null: it orders no preservation until a time
     * @param byThirdParty whether the requester is neither an authority nor a court
     * @param rest the rest of its content, in which repeats must agree
     */
    record Entry(
            long offset,
            UUID requestId,
            long requestedAtMillis,
            DisclosureBasis basis,
            String actor,
            @Nullable Long preserveUntilMillis,
            boolean byThirdParty,
            List<Object> rest)
            implements DisclosureFact {
        @Override
        public Object identity() {
            return "disclosure/" + requestId;
        }

        @Override
        public Object substance() {
            return List.of(basis, actor, String.valueOf(preserveUntilMillis), rest);
        }

        @Override
        public boolean addsNothingTo(Fact earlier) {
            return earlier instanceof Entry other
                    && requestId.equals(other.requestId)
                    && substance().equals(other.substance());
        }
    }

    /** The person was asked. Two services may ask the same question at once; the first determines the deadline. */
    record Question(long offset, UUID requestId, UUID questionId, long askedAtMillis, long answerByMillis)
            implements DisclosureFact {
        @Override
        public Object identity() {
            return "asked/" + requestId + "/" + questionId;
        }

        @Override
        public boolean addsNothingTo(Fact earlier) {
            return earlier instanceof Question other && identity().equals(other.identity());
        }
    }

    /**
     * The person answered. The first of two answers counts.
     *
     * @param actor null: the capability of the receipt was used
     */
    record Answer(
            long offset,
            UUID requestId,
            UUID questionId,
            long answeredAtMillis,
            boolean consented,
            @Nullable String actor)
            implements DisclosureFact {
        @Override
        public Object identity() {
            return "answered/" + requestId + "/" + questionId;
        }

        @Override
        public boolean addsNothingTo(Fact earlier) {
            return earlier instanceof Answer other
                    && identity().equals(other.identity())
                    && answeredAtMillis >= other.answeredAtMillis
                    && consented == other.consented;
        }
    }

    /**
     * It was decided. That it is decided once is a separate rule.
     *
     * @param preservedUntilMillis null: {@code eraseBy} is unchanged
     */
    record Ruling(
            long offset,
            UUID requestId,
            long decidedAtMillis,
            RequestDecision decision,
            DisclosureGround ground,
            String actor,
            @Nullable Long preservedUntilMillis)
            implements DisclosureFact {
        @Override
        public Object identity() {
            return "ruled/" + requestId;
        }

        @Override
        public boolean addsNothingTo(Fact earlier) {
            return earlier instanceof Ruling other
                    && requestId.equals(other.requestId)
                    && decision == other.decision
                    && ground == other.ground
                    && actor.equals(other.actor)
                    && Objects.equals(preservedUntilMillis, other.preservedUntilMillis);
        }
    }

    /** The resulting hold was ended early. The first of two such events counts. */
    record Release(long offset, UUID requestId, long releasedAtMillis) implements DisclosureFact {
        @Override
        public Object identity() {
            return "released/" + requestId;
        }

        @Override
        public boolean addsNothingTo(Fact earlier) {
            return earlier instanceof Release other
                    && requestId.equals(other.requestId)
                    && releasedAtMillis >= other.releasedAtMillis;
        }
    }

    private static @Nullable Long millis(@Nullable Instant time) {
        return time == null ? null : time.toEpochMilli();
    }

    /** The statement of {@code event}, at {@code offset} of its topic, about a request; null if it is about none. */
    static @Nullable DisclosureFact of(SpecificRecord event, long offset) {
        if (event instanceof DisclosureRequested e) {
            return new Entry(
                    offset,
                    SignupIds.uuid(e.getRequestId().bytes()),
                    e.getRequestedAt().toEpochMilli(),
                    e.getBasis(),
                    e.getActor(),
                    millis(e.getPreserveUntil()),
                    e.getRequester() == DisclosureRequester.THIRD_PARTY,
                    List.of(
                            e.getRequester(),
                            e.getCountry(),
                            List.copyOf(e.getScope()),
                            e.getPreservation(),
                            String.valueOf(e.getSealedAs())));
        } else if (event instanceof DisclosureQuestionAsked e) {
            return new Question(
                    offset,
                    SignupIds.uuid(e.getRequestId().bytes()),
                    SignupIds.uuid(e.getQuestionId().bytes()),
                    e.getAskedAt().toEpochMilli(),
                    e.getAnswerBy().toEpochMilli());
        } else if (event instanceof DisclosureQuestionAnswered e) {
            return new Answer(
                    offset,
                    SignupIds.uuid(e.getRequestId().bytes()),
                    SignupIds.uuid(e.getQuestionId().bytes()),
                    e.getAnsweredAt().toEpochMilli(),
                    e.getConsented(),
                    e.getActor());
        } else if (event instanceof DisclosureDecided e) {
            return new Ruling(
                    offset,
                    SignupIds.uuid(e.getRequestId().bytes()),
                    e.getDecidedAt().toEpochMilli(),
                    e.getDecision(),
                    e.getGround(),
                    e.getActor(),
                    millis(e.getPreservedUntil()));
        } else if (event instanceof PreservationReleased e) {
            return new Release(
                    offset,
                    SignupIds.uuid(e.getRequestId().bytes()),
                    e.getReleasedAt().toEpochMilli());
        }
        return null;
    }
}
