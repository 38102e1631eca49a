package org.brokerhandoff.registerservice.notify;

import java.time.Instant;
import java.util.Optional;
import org.brokerhandoff.event.NoticeOutcome;
import org.brokerhandoff.router.deliver.NoticeReply;
import org.brokerhandoff.router.deliver.RetryAfter;

/** What a broker's reply about a notice means. Pure and total. */
public final class NoticeReplyRules {
    private NoticeReplyRules() {}

    /** What a sending came to. Only the contract's own words count: a proxy's bare 200 confirms nothing. */
    public static NoticeOutcome sent(NoticeReply reply) {
        if (reply instanceof NoticeReply.Answered answered) {
            return state(answered)
                    .map(state ->
                            state == NoticeReply.State.COMPLETED ? NoticeOutcome.COMPLETED : NoticeOutcome.PENDING)
                    .orElse(NoticeOutcome.FAILED);
        }
        return NoticeOutcome.NO_ANSWER;
    }

    /** When the broker may be sent it again at the earliest, if it said so; {@code Retry-After} counts with every status. */
    public static Optional<Instant> notBefore(NoticeReply reply, Instant now) {
        return reply instanceof NoticeReply.Answered answered
                ? answered.retryAfter()
                        .flatMap(header -> RetryAfter.parse(header, now))
                        .map(now::plus)
                : Optional.empty();
    }

    /** What a question came to. */
    public enum Asked {
        /** The broker has done it. */
        COMPLETED,
        /** Not yet, or it could not say; ask again. */
        PENDING,
        /** The broker does not know of the notice, or takes no questions; send it again. */
        LOST
    }

    /** What the answer to a question means. */
    public static Asked asked(NoticeReply reply) {
        if (!(reply instanceof NoticeReply.Answered answered)) {
            return Asked.PENDING;
        }
        Optional<NoticeReply.State> state = state(answered);
        if (state.isPresent()) {
            return state.get() == NoticeReply.State.COMPLETED ? Asked.COMPLETED : Asked.PENDING;
        }
        boolean passing = answered.status() == 429 || (answered.status() / 100 == 5 && answered.status() != 501);
        return passing ? Asked.PENDING : Asked.LOST;
    }

    private static Optional<NoticeReply.State> state(NoticeReply.Answered answered) {
        return answered.status() / 100 == 2 ? answered.state() : Optional.empty();
    }
}
