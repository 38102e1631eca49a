package org.brokerhandoff.registerservice.notify;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Schedule of notices.
 *
 * @param initial wait after the first sending; doubles with each
 * @param maximum longest wait after a sending
 * @param limit time after which a notice is given up
 * @param escalateAfter time after which an unconfirmed notice is escalated
 * @param settleAfter time after which nothing sent to a broker before the withdrawal can still reach it: only then is a broker notified that
 *     has not confirmed the delivery, since a notice that overtakes the data would be confirmed for nothing
 */
public record NoticeSchedule(
        Duration initial, Duration maximum, Duration limit, Duration escalateAfter, Duration settleAfter) {
    /** Maximum interval between polls of a broker that works on a notice. */
    private static final Duration LONGEST_POLL = Duration.ofHours(1);

    private static final long MOST_DOUBLINGS = 40;

    /** A notice is a legal obligation: whatever the broker requests, it is sent again every day. */
    static final Duration LONGEST_WAIT = Duration.ofDays(1);

    /**
     * The wait after the {@code attempts}th sending: exponential back-off with deterministic jitter, half fixed and half derived from the
     * notice and the attempt. It depends on the log alone, so a restart neither forgets a wait nor restarts it, and notices that failed
     * together are not retried together.
     */
    Duration backoff(Notice.Key key, int attempts) {
        long doublings = Math.min(attempts - 1L, MOST_DOUBLINGS);
        double longest = Math.min((double) initial.toMillis() * (1L << doublings), (double) maximum.toMillis());
        return Duration.ofMillis(Math.round(longest / 2 + longest / 2 * share(key, attempts)));
    }

    /**
     * When a broker is contacted about a notice again: not before it asked, but within {@link #LONGEST_WAIT} in any case.
     *
     * @param last time of the last contact
     * @param due by the schedule
     * @param notBefore earliest time requested by the broker
     */
    Instant bounded(Instant last, Instant due, Optional<Instant> notBefore) {
        Instant latest = last.plus(LONGEST_WAIT);
        Instant wanted = notBefore.filter(due::isBefore).orElse(due);
        return wanted.isBefore(latest) ? wanted : latest;
    }

    /** Interval between attempts to record a sending. */
    Duration recordingPause() {
        return initial;
    }

    /** Interval between polls: a quarter of the time elapsed so far. */
    Duration pollInterval(Instant sentAt, Instant lastAskedAt) {
        Duration quarter = Duration.between(sentAt, lastAskedAt).dividedBy(4);
        Duration longest = LONGEST_POLL.compareTo(maximum) < 0 ? LONGEST_POLL : maximum;
        Duration atLeast = quarter.compareTo(initial) < 0 ? initial : quarter;
        return atLeast.compareTo(longest) < 0 ? atLeast : longest;
    }

    /** In [0, 1): SplitMix64's finaliser over the identity of the attempt. */
    private static double share(Notice.Key key, int attempts) {
        long mixed = key.signupId().getMostSignificantBits()
                ^ Long.rotateLeft(key.signupId().getLeastSignificantBits(), 17)
                ^ key.broker().hashCode() * 0x9e3779b97f4a7c15L
                ^ attempts * 0xd1b54a32d192ed03L;
        mixed = (mixed ^ mixed >>> 30) * 0xbf58476d1ce4e5b9L;
        mixed = (mixed ^ mixed >>> 27) * 0x94d049bb133111ebL;
        mixed ^= mixed >>> 31;
        return (mixed >>> 11) * 0x1.0p-53;
    }
}
