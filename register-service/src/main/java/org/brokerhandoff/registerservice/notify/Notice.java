package org.brokerhandoff.registerservice.notify;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.brokerhandoff.event.EscalationReason;
import org.brokerhandoff.event.NoticeOutcome;
import org.brokerhandoff.event.NoticeType;
import org.brokerhandoff.event.RightsGround;
import org.brokerhandoff.router.deliver.BrokerNotice;

/**
 * One notice and its known state.
 *
 * @param key identifies the notice
 * @param requestedAt when its cause occurred
 * @param delivered whether the broker has confirmed that it has the signup; otherwise it may have it
 * @param attempts number of sendings so far
 * @param last the latest sending
 * @param poll the latest poll after a sending that was answered "pending"
 * @param answer the broker's final answer
 * @param escalations when it was escalated, by reason
 */
public record Notice(
        Key key,
        Instant requestedAt,
        boolean delivered,
        int attempts,
        Optional<Sending> last,
        Optional<Poll> poll,
        Optional<Answer> answer,
        Map<EscalationReason, Instant> escalations) {
    /** Copies the map. */
    public Notice {
        escalations = Map.copyOf(escalations);
    }

    /**
     * Identifies a notice.
     *
     * @param signupId the signup
     * @param broker the broker to notify
     * @param type type of the notice
     * @param requestId the request it is about; empty: a withdrawal
     */
    public record Key(UUID signupId, String broker, NoticeType type, Optional<UUID> requestId) {}

    /** Type of the notice. */
    public BrokerNotice told() {
        return new BrokerNotice(key.signupId(), key.type(), requestedAt, key.requestId());
    }

    /**
     * One sending.
     *
     * @param at when
     * @param outcome its result
     * @param notBefore earliest time of the next sending, as requested by the broker
     */
    public record Sending(Instant at, NoticeOutcome outcome, Optional<Instant> notBefore) {}

    /** The broker's final answer. */
    public sealed interface Answer {}

    /**
     * Done.
     *
     * @param at when it confirmed
     */
    public record Confirmed(Instant at) implements Answer {}

    /**
     * Refused.
     *
     * @param at when it refused
     */
    public record Refused(Instant at, RightsGround ground) implements Answer {}

    /** A fact that this process knows and the log has not acknowledged: it is recorded later, without repeating what led to it. */
    public sealed interface Unrecorded {
        /** When recording was last attempted. */
        Instant triedAt();

        /** As above, attempted again at {@code at}. */
        Unrecorded triedAt(Instant at);

        /** Whether {@code notice}, from the log, includes it already. */
        boolean isIn(Notice notice);
    }

    /**
     * A sending was made.
     *
     * @param attempt its number
     * @param status the HTTP status, if there was an answer
     * @param answer the broker's final answer, if the response was one
     */
    public record UnrecordedSending(
            int attempt, Sending sending, Optional<Integer> status, Optional<Answer> answer, Instant triedAt)
            implements Unrecorded {
        @Override
        public UnrecordedSending triedAt(Instant at) {
            return new UnrecordedSending(attempt, sending, status, answer, at);
        }

        @Override
        public boolean isIn(Notice notice) {
            return attempt <= notice.attempts();
        }
    }

    /** The broker has given its final answer. */
    public record UnrecordedAnswer(Answer answer, Instant triedAt) implements Unrecorded {
        @Override
        public UnrecordedAnswer triedAt(Instant again) {
            return new UnrecordedAnswer(answer, again);
        }

        @Override
        public boolean isIn(Notice notice) {
            return notice.answer().isPresent();
        }
    }

    /**
     * It was escalated.
     *
     * @param attempts number of sendings until then
     * @param at when
     */
    public record UnrecordedEscalation(EscalationReason reason, int attempts, Instant at, Instant triedAt)
            implements Unrecorded {
        @Override
        public UnrecordedEscalation triedAt(Instant again) {
            return new UnrecordedEscalation(reason, attempts, at, again);
        }

        @Override
        public boolean isIn(Notice notice) {
            return notice.escalations().containsKey(reason);
        }
    }

    /**
     * One poll whether the broker has done it.
     *
     * @param at when
     * @param lost whether the broker no longer knows the notice, so that it must be sent again
     * @param notBefore earliest time of the next poll, as requested by the broker
     */
    public record Poll(Instant at, boolean lost, Optional<Instant> notBefore) {}

    /** Whether nothing remains to be done. */
    public boolean ended() {
        return answer.isPresent() || escalations.containsKey(EscalationReason.GIVEN_UP);
    }
}
