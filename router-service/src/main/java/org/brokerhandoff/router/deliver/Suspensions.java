package org.brokerhandoff.router.deliver;

import java.time.Instant;
import java.util.Optional;
import org.brokerhandoff.event.SuspensionReason;

/**
 * Whether one broker gets nothing for a while, as a value that each answer of the broker may change.
 *
 * @param reason why it is suspended; empty if it is not
 * @param status the HTTP status that suspended it
 * @param since when that was
 * @param until when one attempt may find out whether it still is so
 * @param probing whether that attempt is being made
 * @param unauthorizedInRow answers of 401 or 403 without another between them
 */
record Suspensions(
        Optional<SuspensionReason> reason,
        int status,
        Instant since,
        Instant until,
        boolean probing,
        int unauthorizedInRow) {
    static final Suspensions NONE = new Suspensions(Optional.empty(), 0, Instant.EPOCH, Instant.EPOCH, false, 0);

    private static final int UNAUTHORIZED = 401;
    private static final int FORBIDDEN = 403;
    private static final int GONE_STATUS = 410;

    /** Whether no attempt may start at {@code now}. */
    boolean suspended(Instant now) {
        return reason.isPresent() && (probing || now.isBefore(until));
    }

    /** With an attempt that starts now, which is the probe if the broker was suspended. */
    Suspensions starting() {
        return reason.isPresent() ? new Suspensions(reason, status, since, until, true, unauthorizedInRow) : this;
    }

    /** With an attempt that came to nothing before the broker could answer. */
    Suspensions unanswered() {
        return probing ? new Suspensions(reason, status, since, until, false, unauthorizedInRow) : this;
    }

    /** With an answer that suspends no broker by itself; any but 401, 403 and 410 ends a suspension. */
    Suspensions answered(int answer) {
        if (answer == UNAUTHORIZED || answer == FORBIDDEN) {
            return new Suspensions(reason, status, since, until, false, unauthorizedInRow + 1);
        }
        if (answer == GONE_STATUS) {
            // Whether this one suspends the broker again is decided by what it means for its signup.
            return unanswered();
        }
        return reason.isPresent() || unauthorizedInRow > 0 ? NONE : this;
    }

    /** With its time over at {@code now}: the next attempt is the probe. */
    Suspensions shortened(Instant now) {
        return reason.isPresent() && now.isBefore(until)
                ? new Suspensions(reason, status, since, now, probing, unauthorizedInRow)
                : this;
    }

    /** Suspended again. */
    Suspensions suspended(SuspensionReason why, int answer, Instant now, Instant newUntil) {
        return new Suspensions(Optional.of(why), answer, now, newUntil, false, unauthorizedInRow);
    }

    /** With what the log says, in its order: that it was suspended, by whichever router. What is known already stays as it is. */
    Suspensions heard(SuspensionReason why, int answer, Instant from, Instant to) {
        return reason.isPresent() && !since.isBefore(from)
                ? this
                : new Suspensions(Optional.of(why), answer, from, to, false, unauthorizedInRow);
    }

    /** With what the log says: that a router found it well at {@code at}. A suspension since then stands. */
    Suspensions resumed(Instant at) {
        return reason.isPresent() && !since.isAfter(at) ? NONE : this;
    }
}
