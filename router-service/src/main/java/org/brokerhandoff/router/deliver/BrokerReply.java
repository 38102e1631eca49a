package org.brokerhandoff.router.deliver;

import java.util.Optional;
import java.util.OptionalInt;
import org.brokerhandoff.event.NotSentReason;

/** What came of one HTTP exchange with a broker, before anyone decides what it means. */
public sealed interface BrokerReply {
    /**
     * A reply arrived.
     *
     * @param status the HTTP status
     * @param verdict member {@code status} of the body, if the body had the form of the contract
     * @param retryAfter the header's value, if it was sent
     */
    record Answered(int status, Optional<Verdict> verdict, Optional<String> retryAfter) implements BrokerReply {}

    /** Member {@code status} of a reply's body. */
    enum Verdict {
        /** The broker has taken the signup. */
        ACCEPTED,
        /** The broker had it already. */
        DUPLICATE,
        /** The broker does not take it. */
        REJECTED,
        /** The broker does not know it: the answer to a question, and none to a handoff. */
        UNKNOWN
    }

    /** Not one byte was sent, or nothing of what was sent can have been taken: no address, no connection, no TLS session. */
    record NotSent(NotSentReason reason) implements BrokerReply {}

    /**
     * Bytes were sent, and no complete reply came back.
     *
     * @param status the HTTP status, if that much arrived
     */
    record NoReply(OptionalInt status) implements BrokerReply {}
}
