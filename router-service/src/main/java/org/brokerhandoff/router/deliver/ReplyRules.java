package org.brokerhandoff.router.deliver;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import org.brokerhandoff.event.RefusalReason;

/** What a broker's reply means, as one table. Pure and total. */
public final class ReplyRules {
    private ReplyRules() {}

    /** The meaning of {@code reply}, which arrived at {@code now}. */
    public static DeliveryOutcome outcome(BrokerReply reply, Instant now) {
        if (reply instanceof BrokerReply.NotSent) {
            return new DeliveryOutcome.Deferred(OptionalInt.empty(), Optional.empty());
        } else if (reply instanceof BrokerReply.NoReply none) {
            return new DeliveryOutcome.Unknown(none.status());
        } else if (reply instanceof BrokerReply.Answered answered) {
            return outcome(answered, now);
        }
        throw new IllegalStateException("a new kind of reply");
    }

    private static DeliveryOutcome outcome(BrokerReply.Answered reply, Instant now) {
        int status = reply.status();
        if (reply.verdict().isPresent() && (status / 100 == 2 || status == 409)) {
            return switch (reply.verdict().get()) {
                case ACCEPTED -> new DeliveryOutcome.Accepted(false, status);
                case DUPLICATE -> new DeliveryOutcome.Accepted(true, status);
                case REJECTED ->
                    new DeliveryOutcome.Refused(
                            status == 409 ? RefusalReason.CONFLICT : RefusalReason.REJECTED, status);
            };
        }
        return switch (status) {
            // The broker read the request and says that it will not do: it has not kept it, another may be asked.
            case 400, 413, 415, 422 -> new DeliveryOutcome.Refused(RefusalReason.REJECTED, status);
            case 409 -> new DeliveryOutcome.Refused(RefusalReason.CONFLICT, status);
            case 410 -> new DeliveryOutcome.Refused(RefusalReason.GONE, status);
            case 429, 503 ->
                new DeliveryOutcome.Deferred(
                        OptionalInt.of(status), reply.retryAfter().flatMap(header -> RetryAfter.parse(header, now)));
            // A wrong secret or address is the operator's to mend and not the person's fault; redirects are never
            // followed.
            default ->
                status / 100 == 4 || status / 100 == 3
                        ? new DeliveryOutcome.Deferred(OptionalInt.of(status), Optional.empty())
                        // 2xx without the contract's body, or an error after the body was read: it may have been
                        // stored.
                        : new DeliveryOutcome.Unknown(OptionalInt.of(status));
        };
    }
}
