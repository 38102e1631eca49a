package org.brokerhandoff.router.deliver;

import java.util.Optional;

/** What came of one webhook, before anyone decides what it means. */
public sealed interface WebhookReply {
    /**
     * A reply arrived; its body is not looked at.
     *
     * @param status the HTTP status
     * @param retryAfter the header's value, if it was sent
     */
    record Answered(int status, Optional<String> retryAfter) implements WebhookReply {}

    /** No connection, or no complete reply in time. */
    record NoAnswer() implements WebhookReply {}
}
