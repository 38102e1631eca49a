package org.brokerhandoff.sandbox;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;

/**
 * What the broker does with one handoff.
 *
 * <p>A broker does not revise its decision: accepting or refusing a signup that was accepted before answers {@code duplicate}. The other
 * reactions are independent of that.
 */
public sealed interface Reaction {
    /** Not the JDK's RFC_1123_DATE_TIME, which formats days below 10 with one digit. */
    DateTimeFormatter HTTP_DATE = DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.US);

    /** Accepts the signup. */
    static Reaction accept() {
        return new Accept();
    }

    /** Rejects the signup with 422. */
    static Reaction refuse(String reason) {
        return new Refuse(422, reason);
    }

    /** Answers an error status without {@code Retry-After}. */
    static Reaction fail(int status) {
        return new Fail(status, Optional.empty());
    }

    /** Answers an error status with {@code Retry-After} in seconds. */
    static Reaction fail(int status, Duration retryAfter) {
        return new Fail(status, Optional.of(Long.toString(retryAfter.toSeconds())));
    }

    /** Answers an error status with {@code Retry-After} as an HTTP date, which has whole seconds only. */
    static Reaction fail(int status, Instant retryAt) {
        return new Fail(status, Optional.of(HTTP_DATE.format(retryAt.atOffset(ZoneOffset.UTC))));
    }

    /** Accepts, and answers something other than JSON. */
    static Reaction acceptWithMalformedJson() {
        return new AcceptThenReply(200, "{\"status\":\"accep");
    }

    /** Accepts the signup: 200 with {@code accepted} or {@code duplicate}. */
    record Accept() implements Reaction {}

    /**
     * Rejects the signup.
     *
     * @param status 409 or 422
     * @param reason part of the reply
     */
    record Refuse(int status, String reason) implements Reaction {
        /** Checks the status. */
        public Refuse {
            if (status != 409 && status != 422) {
                throw new IllegalArgumentException("a refusal is 409 or 422, not " + status);
            }
        }
    }

    /**
     * Answers a status that is neither acceptance nor refusal.
     *
     * @param status any HTTP status
     * @param retryAfter the header's value, verbatim, so that nonsense can be sent too
     */
    record Fail(int status, Optional<String> retryAfter) implements Reaction {}

    /** Accepts the signup, then closes the connection without an answer: the sender cannot know. */
    record AcceptThenDropReply() implements Reaction {}

    /** Accepts the signup at once, but answers after a delay. */
    record AcceptThenReplyLate(Duration after) implements Reaction {}

    /** Accepts the signup and answers this, whatever it is. */
    record AcceptThenReply(int status, String body) implements Reaction {}

    /** Accepts the signup and answers {@code accepted} with a reference of this many bytes. */
    record AcceptWithHugeReply(long bytes) implements Reaction {}

    /** Accepts the signup and begins an endless answer. */
    record AcceptWithEndlessReply() implements Reaction {}

    /** Accepts the signup and answers one byte per interval. */
    record AcceptWithSlowReply(Duration perByte) implements Reaction {}

    /** Closes the connection without accepting the signup. */
    record DropConnection() implements Reaction {}

    /** Redirects without accepting the signup; 307 and 308 ask the sender to repeat the body there. */
    record Redirect(int status, URI location) implements Reaction {}

    /** Waits, then reacts, even if the sender has given up by then. */
    record Delay(Duration duration, Reaction then) implements Reaction {}
}
