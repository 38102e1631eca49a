package org.brokerhandoff.router.deliver;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import org.brokerhandoff.event.RefusalReason;

/** What an attempt means for the signup. */
public sealed interface DeliveryOutcome {
    /**
     * The broker has the signup.
     *
     * @param duplicate whether it had it before this attempt
     * @param status the HTTP status
     */
    record Accepted(boolean duplicate, int status) implements DeliveryOutcome {}

    /**
     * The broker does not take the signup, and has not kept it.
     *
     * @param reason why
     * @param status the HTTP status
     */
    record Refused(RefusalReason reason, int status) implements DeliveryOutcome {}

    /**
     * The broker did not take the signup now; the same broker is asked again.
     *
     * @param status the HTTP status, absent if nothing was sent
     * @param notBefore how long the broker asked to be left alone
     */
    record Deferred(OptionalInt status, Optional<Duration> notBefore) implements DeliveryOutcome {}

    /**
     * The broker may or may not have the signup. The same broker is asked again with the same idempotency key; never another.
     *
     * @param status the HTTP status, if one arrived
     */
    record Unknown(OptionalInt status) implements DeliveryOutcome {}
}
