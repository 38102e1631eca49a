package org.brokerhandoff.router.deliver;

import java.util.Optional;

/** What came of one exchange about a notice, before anyone decides what it means. */
public sealed interface NoticeReply {
    /**
     * A reply arrived.
     *
     * @param status the HTTP status
     * @param state member {@code status} of the body, if the body had the form of the contract
     * @param retryAfter the header's value, if it was sent
     */
    record Answered(int status, Optional<State> state, Optional<String> retryAfter) implements NoticeReply {}

    /** What the broker says of a notice. */
    enum State {
        /** It has done what the notice asks for. */
        COMPLETED,
        /** It will. */
        PENDING
    }

    /** No connection, or no complete reply in time. */
    record NoAnswer() implements NoticeReply {}
}
