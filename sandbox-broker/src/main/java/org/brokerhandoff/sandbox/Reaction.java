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
 * <p>A broker does not change its mind: whatever accepts or refuses a signup that was accepted before
 * answers {@code duplicate}. The other reactions happen as they stand, accepted before or not.
 */
public sealed interface Reaction {
    /** Not the JDK's RFC_1123_DATE_TIME: that one writes days below 10 with one digit. */
    DateTimeFormatter HTTP_DATE = DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.US);

    /** Takes the signup and says so. */
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

    /** Accepts, and answers something that is not JSON. */
    static Reaction acceptWithMalformedJson() {
        return new AcceptThenReply(200, "{\"status\":\"accep");
    }

    /** Takes the signup: 200 with {@code accepted} or {@code duplicate}. */
    record Accept() implements Reaction {}

    /**
     * Rejects the signup.
     *
     * @param status 409 or 422
     * @param reason goes into the reply
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
     * @param retryAfter the header's value as it stands, so that nonsense can be sent too
     */
    record Fail(int status, Optional<String> retryAfter) implements Reaction {}

    /** Takes the signup, then closes the connection without an answer: the sender cannot know. */
    record AcceptThenDropReply() implements Reaction {}

    /** Takes the signup at once, but answers only after a while. */
    record AcceptThenReplyLate(Duration after) implements Reaction {}

    /** Takes the signup and answers this, whatever it is. */
    record AcceptThenReply(int status, String body) implements Reaction {}

    /** Takes the signup and answers {@code accepted} with a reference of this many bytes. */
    record AcceptWithHugeReply(long bytes) implements Reaction {}

    /** Takes the signup and begins an answer that never ends. */
    record AcceptWithEndlessReply() implements Reaction {}

    /** Takes the signup and answers one byte per interval. */
    record AcceptWithSlowReply(Duration perByte) implements Reaction {}

    /** Closes the connection without taking the signup. */
    record DropConnection() implements Reaction {}

    /** Points elsewhere without taking the signup; 307 and 308 ask the sender to repeat the body there. */
    record Redirect(int status, URI location) implements Reaction {}

    /** Does nothing for a while, then reacts, even when the sender has given up by then. */
    record Delay(Duration duration, Reaction then) implements Reaction {}
}
