package org.brokerhandoff.router.deliver;

import java.util.Optional;
import org.brokerhandoff.event.RightsGround;

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
    sealed interface State {}

    /** It has done what the notice asks for. */
    record Completed() implements State {}

    /** It will. */
    record Pending() implements State {}

    /** It will not. */
    record Refused(RightsGround ground) implements State {}

    /** No connection, or no complete reply in time. */
    record NoAnswer() implements NoticeReply {}
}
