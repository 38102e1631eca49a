package org.brokerhandoff.router.deliver;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import org.brokerhandoff.event.AttemptOutcome;
import org.brokerhandoff.event.ParkingReason;
import org.brokerhandoff.event.RefusalReason;
import org.brokerhandoff.event.SuspensionReason;

/**
 * What follows from an attempt, as one table of the reply, what is known of the broker, the attempts made and the time left. Pure and
 * total.
 *
 * <p>A refusal sends the signup to another broker, so it must be sure. A bare status is taken for one only if nothing was sent to
 * this broker before: after an attempt whose reply was lost, a 409 may mean "in progress", and a 400 or 410 may come from a proxy
 * that knows nothing of what the broker has stored. Then only the contract's {@code "rejected"} counts, which the broker says of
 * this very signup id. Of a correction that is so from the first attempt on: no other broker can take it, and what its answers say of the address for
 * notices stops no handoff.
 */
public final class OutcomeTable {
    private final Backoff backoff;
    private final Patience patience;
    private final int unauthorizedLimit;

    /**
     * A table.
     *
     * @param unauthorizedLimit answers of 401 or 403 in a row that stop the broker
     */
    public OutcomeTable(Backoff backoff, Patience patience, int unauthorizedLimit) {
        this.backoff = backoff;
        this.patience = patience;
        this.unauthorizedLimit = unauthorizedLimit;
    }

    /**
     * What was known when the attempt ended.
     *
     * @param correction whether it carried a correction of an earlier signup
     * @param mayHaveIt whether an earlier attempt may have reached the broker
     * @param made attempts made since the signup was consumed, with this one
     * @param parkedBefore whether the signup comes from the parked topic
     * @param unauthorizedInRow answers of 401 or 403 from this broker without another between them, with this one
     * @param keyExpiry when the time is over
     */
    public record Circumstances(
            boolean correction,
            boolean mayHaveIt,
            int made,
            boolean parkedBefore,
            int unauthorizedInRow,
            Instant keyExpiry) {
        /** Of a signup. */
        public Circumstances(
                boolean mayHaveIt, int made, boolean parkedBefore, int unauthorizedInRow, Instant keyExpiry) {
            this(false, mayHaveIt, made, parkedBefore, unauthorizedInRow, keyExpiry);
        }
    }

    /**
     * What follows from {@code reply}, which arrived at {@code now}.
     *
     * @param random in [0, 1), for jitter
     */
    public NextMove after(BrokerReply reply, Circumstances circumstances, Instant now, double random) {
        if (reply instanceof BrokerReply.NotSent) {
            return again(AttemptOutcome.NOT_SENT, OptionalInt.empty(), Optional.empty(), circumstances, now, random);
        } else if (reply instanceof BrokerReply.NoReply none) {
            return unknown(none.status(), Optional.empty(), circumstances, now, random);
        } else if (reply instanceof BrokerReply.Answered answered) {
            return after(answered, circumstances, now, random);
        }
        throw new IllegalStateException("a new kind of reply");
    }

    private NextMove after(BrokerReply.Answered reply, Circumstances circumstances, Instant now, double random) {
        int status = reply.status();
        OptionalInt some = OptionalInt.of(status);
        // Kept whatever the status: a broker that asks for time is not to be asked sooner.
        Optional<Duration> asked = reply.retryAfter().flatMap(header -> RetryAfter.parse(header, now));
        Optional<BrokerReply.Verdict> said = reply.verdict().filter(verdict -> verdict != BrokerReply.Verdict.UNKNOWN);
        if (said.isPresent()) {
            BrokerReply.Verdict verdict = said.get();
            boolean contract = status / 100 == 2 || status == 409;
            if (verdict != BrokerReply.Verdict.REJECTED) {
                return contract
                        ? new NextMove.Accepted(verdict == BrokerReply.Verdict.DUPLICATE, status)
                        // An error that says "accepted" is neither a success nor a refusal.
                        : unknown(some, asked, circumstances, now, random);
            } else if (contract || status == 422) {
                return new NextMove.Refused(status == 409 ? RefusalReason.CONFLICT : RefusalReason.REJECTED, status);
            }
        }
        if (circumstances.correction() && status / 100 == 4) {
            return again(AttemptOutcome.DEFERRED, some, asked, circumstances, now, random);
        }
        return switch (status) {
            // The broker read the request and says that it will not do: it has not kept it, another may be asked.
            case 400, 413, 415, 422 -> refused(RefusalReason.REJECTED, status, asked, circumstances, now, random);
            case 409 -> refused(RefusalReason.CONFLICT, status, asked, circumstances, now, random);
            case 410 ->
                circumstances.mayHaveIt()
                        ? new NextMove.StopBroker(SuspensionReason.GONE, AttemptOutcome.UNKNOWN, some)
                        : new NextMove.Refused(RefusalReason.GONE, status);
            // A wrong secret is the operator's to mend and not the person's fault.
            case 401, 403 ->
                circumstances.unauthorizedInRow() >= unauthorizedLimit
                        ? new NextMove.StopBroker(SuspensionReason.UNAUTHORIZED, AttemptOutcome.DEFERRED, some)
                        : again(AttemptOutcome.DEFERRED, some, asked, circumstances, now, random);
            case 429, 503 -> again(AttemptOutcome.DEFERRED, some, asked, circumstances, now, random);
            // Nor is a wrong address; redirects are never followed.
            default ->
                status / 100 == 4 || status / 100 == 3
                        ? again(AttemptOutcome.DEFERRED, some, asked, circumstances, now, random)
                        // 2xx without the contract's body, or an error after the body was read: it may
                        // have been stored.
                        : unknown(some, asked, circumstances, now, random);
        };
    }

    private NextMove refused(
            RefusalReason reason,
            int status,
            Optional<Duration> asked,
            Circumstances circumstances,
            Instant now,
            double random) {
        return circumstances.mayHaveIt()
                ? unknown(OptionalInt.of(status), asked, circumstances, now, random)
                : new NextMove.Refused(reason, status);
    }

    private NextMove unknown(
            OptionalInt status, Optional<Duration> asked, Circumstances circumstances, Instant now, double random) {
        return again(AttemptOutcome.UNKNOWN, status, asked, circumstances, now, random);
    }

    private NextMove again(
            AttemptOutcome recorded,
            OptionalInt status,
            Optional<Duration> asked,
            Circumstances circumstances,
            Instant now,
            double random) {
        Duration wait = backoff.delay(circumstances.made(), asked, random);
        Instant at = now.plus(wait);
        // What cannot start before the key expires need not hold its place until then.
        if (!patience.lasts(circumstances.made(), wait, circumstances.parkedBefore())
                || !at.isBefore(circumstances.keyExpiry())) {
            return new NextMove.Park(
                    asked.isPresent() ? ParkingReason.BROKER_ASKED_TO_WAIT : ParkingReason.ATTEMPTS_FAILED,
                    asked.map(now::plus),
                    recorded,
                    status);
        }
        return recorded == AttemptOutcome.UNKNOWN
                ? new NextMove.Reconcile(at, status)
                : new NextMove.RetryAt(at, recorded, status);
    }
}
