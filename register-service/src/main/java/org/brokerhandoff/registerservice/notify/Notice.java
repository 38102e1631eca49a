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
 * One notice and what is known of it.
 *
 * @param key which notice
 * @param requestedAt when what it tells of happened
 * @param delivered whether the broker has confirmed that it has the signup; else it may have it
 * @param attempts sendings so far
 * @param last the latest sending
 * @param poll the latest question after a sending that was answered "pending"
 * @param answer what the broker says it does about it, in the end
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
     * Names a notice.
     *
     * @param signupId the signup
     * @param broker who is told
     * @param type of what
     * @param requestId the request that it tells of; empty: a withdrawal
     */
    public record Key(UUID signupId, String broker, NoticeType type, Optional<UUID> requestId) {}

    /** What the broker is told. */
    public BrokerNotice told() {
        return new BrokerNotice(key.signupId(), key.type(), requestedAt, key.requestId());
    }

    /**
     * One sending.
     *
     * @param at when
     * @param outcome what it came to
     * @param notBefore the broker asked not to be sent it again before
     */
    public record Sending(Instant at, NoticeOutcome outcome, Optional<Instant> notBefore) {}

    /** The broker's last word. */
    public sealed interface Answer {}

    /**
     * It has done it.
     *
     * @param at when it said so
     */
    public record Confirmed(Instant at) implements Answer {}

    /**
     * It will not do it.
     *
     * @param at when it said so
     */
    public record Refused(Instant at, RightsGround ground) implements Answer {}

    /** What this process knows and the log has not acknowledged: it is recorded later, and what led to it is not done again. */
    public sealed interface Unrecorded {
        /** When it was last tried to record it. */
        Instant triedAt();

        /** The same, tried again at {@code at}. */
        Unrecorded triedAt(Instant at);

        /** Whether {@code notice}, as the log has it, says so already. */
        boolean isIn(Notice notice);
    }

    /**
     * A sending was made.
     *
     * @param attempt which one it was
     * @param status the HTTP status, if there was an answer
     * @param answer the broker's last word, if that was the answer
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

    /** The broker has said its last word. */
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
     * @param attempts sendings until then
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
     * One question whether the broker has done it.
     *
     * @param at when
     * @param lost whether the broker does not know of the notice any more, so that it has to be sent again
     * @param notBefore the broker asked not to be asked again before
     */
    public record Poll(Instant at, boolean lost, Optional<Instant> notBefore) {}

    /** Whether nothing more is done about it. */
    public boolean ended() {
        return answer.isPresent() || escalations.containsKey(EscalationReason.GIVEN_UP);
    }
}
