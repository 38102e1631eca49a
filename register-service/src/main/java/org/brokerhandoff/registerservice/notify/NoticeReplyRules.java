package org.brokerhandoff.registerservice.notify;

import java.time.Instant;
import java.util.Optional;
import org.brokerhandoff.event.NoticeOutcome;
import org.brokerhandoff.event.RightsGround;
import org.brokerhandoff.router.deliver.BrokerNotice;
import org.brokerhandoff.router.deliver.NoticeReply;
import org.brokerhandoff.router.deliver.RetryAfter;

/** Interprets a broker's reply about a notice. Pure and total. */
public final class NoticeReplyRules {
    private NoticeReplyRules() {}

    /** Result of a sending. Only the contract's own words count: a proxy's bare 200 confirms nothing. */
    public static NoticeOutcome sent(NoticeReply reply) {
        if (reply instanceof NoticeReply.Answered answered) {
            return state(answered).map(NoticeReplyRules::outcome).orElse(NoticeOutcome.FAILED);
        }
        return NoticeOutcome.NO_ANSWER;
    }

    /** The final answer that a reply gives to {@code notice}: a broker cannot refuse a withdrawal, so a refusal of one is ignored. */
    public static NoticeReply about(BrokerNotice notice, NoticeReply reply) {
        return reply instanceof NoticeReply.Answered answered
                        && notice.requestId().isEmpty()
                ? new NoticeReply.Answered(
                        answered.status(),
                        answered.state().filter(state -> !(state instanceof NoticeReply.Refused)),
                        answered.retryAfter())
                : reply;
    }

    private static NoticeOutcome outcome(NoticeReply.State state) {
        if (state instanceof NoticeReply.Refused) {
            return NoticeOutcome.REFUSED;
        }
        return state instanceof NoticeReply.Completed ? NoticeOutcome.COMPLETED : NoticeOutcome.PENDING;
    }

    /** The reason of a refusal, if the reply is one. */
    public static Optional<RightsGround> refusal(NoticeReply reply) {
        return reply instanceof NoticeReply.Answered answered
                        && state(answered).orElse(null) instanceof NoticeReply.Refused refused
                ? Optional.of(refused.ground())
                : Optional.empty();
    }

    /** Earliest time of the next sending, if the broker gave one; {@code Retry-After} counts with every status. */
    public static Optional<Instant> notBefore(NoticeReply reply, Instant now) {
        return reply instanceof NoticeReply.Answered answered
                ? answered.retryAfter()
                        .flatMap(header -> RetryAfter.parse(header, now))
                        .map(now::plus)
                : Optional.empty();
    }

    /** Result of a poll. */
    public enum Asked {
        /** The broker has done it. */
        COMPLETED,
        /** It refuses. */
        REFUSED,
        /** Not yet, or it could not say; poll again. */
        PENDING,
        /** The broker does not know the notice, or has no polling; send it again. */
        LOST
    }

    /** Interprets the answer to a poll. */
    public static Asked asked(NoticeReply reply) {
        if (!(reply instanceof NoticeReply.Answered answered)) {
            return Asked.PENDING;
        }
        Optional<NoticeReply.State> state = state(answered);
        if (state.isPresent()) {
            return switch (outcome(state.get())) {
                case COMPLETED -> Asked.COMPLETED;
                case REFUSED -> Asked.REFUSED;
                default -> Asked.PENDING;
            };
        }
        boolean passing = answered.status() == 429 || (answered.status() / 100 == 5 && answered.status() != 501);
        return passing ? Asked.PENDING : Asked.LOST;
    }

    private static Optional<NoticeReply.State> state(NoticeReply.Answered answered) {
        // A refusal may use such a status.
        boolean refusal = answered.status() == 409 || answered.status() == 422;
        return answered.status() / 100 == 2
                ? answered.state()
                : answered.state().filter(state -> refusal && state instanceof NoticeReply.Refused);
    }
}
