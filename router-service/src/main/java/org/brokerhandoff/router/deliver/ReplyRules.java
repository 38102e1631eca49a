package org.brokerhandoff.router.deliver;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import org.brokerhandoff.event.RefusalReason;

/**
 * What a broker's reply means, as one table. Pure and total.
 *
 * <p>A refusal sends the signup to another broker, so it must be sure. A bare status is taken for one only if nothing was sent to
 * this broker before: after an attempt whose reply was lost, a 409 may mean "in progress", and a 400 or 410 may come from a proxy
 * that knows nothing of what the broker has stored. Then only the contract's {@code "rejected"} counts, which the broker says of
 * this very signup id.
 */
public final class ReplyRules {
    private ReplyRules() {}

    /**
     * The meaning of {@code reply}, which arrived at {@code now}.
     *
     * @param mayHaveIt whether an earlier attempt may have reached the broker
     */
    public static DeliveryOutcome outcome(BrokerReply reply, Instant now, boolean mayHaveIt) {
        if (reply instanceof BrokerReply.NotSent) {
            return new DeliveryOutcome.Deferred(OptionalInt.empty(), Optional.empty());
        } else if (reply instanceof BrokerReply.NoReply none) {
            return new DeliveryOutcome.Unknown(none.status());
        } else if (reply instanceof BrokerReply.Answered answered) {
            return outcome(answered, now, mayHaveIt);
        }
        throw new IllegalStateException("a new kind of reply");
    }

    private static DeliveryOutcome outcome(BrokerReply.Answered reply, Instant now, boolean mayHaveIt) {
        int status = reply.status();
        Optional<BrokerReply.Verdict> said = reply.verdict().filter(verdict -> verdict != BrokerReply.Verdict.UNKNOWN);
        if (said.isPresent()) {
            BrokerReply.Verdict verdict = said.get();
            boolean contract = status / 100 == 2 || status == 409;
            if (verdict != BrokerReply.Verdict.REJECTED) {
                return contract
                        ? new DeliveryOutcome.Accepted(verdict == BrokerReply.Verdict.DUPLICATE, status)
                        // An error that says "accepted" is neither a success nor a refusal.
                        : new DeliveryOutcome.Unknown(OptionalInt.of(status));
            } else if (contract || status == 422) {
                return new DeliveryOutcome.Refused(
                        status == 409 ? RefusalReason.CONFLICT : RefusalReason.REJECTED, status);
            }
        }
        return switch (status) {
            // The broker read the request and says that it will not do: it has not kept it, another may be asked.
            case 400, 413, 415, 422 -> refused(RefusalReason.REJECTED, status, mayHaveIt);
            case 409 -> refused(RefusalReason.CONFLICT, status, mayHaveIt);
            case 410 -> refused(RefusalReason.GONE, status, mayHaveIt);
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

    private static DeliveryOutcome refused(RefusalReason reason, int status, boolean mayHaveIt) {
        return mayHaveIt
                ? new DeliveryOutcome.Unknown(OptionalInt.of(status))
                : new DeliveryOutcome.Refused(reason, status);
    }
}
