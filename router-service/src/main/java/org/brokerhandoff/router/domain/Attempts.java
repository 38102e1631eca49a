package org.brokerhandoff.router.domain;

import java.time.Instant;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * What is known of the attempts at a signup, which custody numbers from 1 over all brokers. A value.
 *
 * @param settled attempts 1 to this are certain to have left nothing with a broker that may still be asked: nothing was sent, or the
 *     broker refused it, or it was released
 * @param notSent attempts beyond that of which nothing was sent
 * @param last number of the last attempt whose end is known
 * @param lastEndedAt when that attempt had ended
 */
public record Attempts(int settled, Set<Integer> notSent, int last, Optional<Instant> lastEndedAt) {
    /** None. */
    public static final Attempts NONE = new Attempts(0, Set.of(), 0, Optional.empty());

    /** Counts up what is settled. */
    public Attempts {
        Set<Integer> beyond = new HashSet<>(notSent);
        while (beyond.remove(settled + 1)) {
            settled++;
        }
        int upTo = settled;
        beyond.removeIf(number -> number <= upTo);
        notSent = Set.copyOf(beyond);
    }

    /**
     * With an attempt that decided nothing.
     *
     * @param sent whether the broker may have got a byte of it
     */
    public Attempts with(int number, Instant endedAt, boolean sent) {
        Set<Integer> beyond = new HashSet<>(notSent);
        if (!sent) {
            beyond.add(number);
        }
        return number < last
                ? new Attempts(settled, beyond, last, lastEndedAt)
                : new Attempts(settled, beyond, number, Optional.of(later(endedAt)));
    }

    /** With the certainty that attempts up to {@code number} left nothing behind. */
    public Attempts settledTo(int number) {
        return new Attempts(Math.max(settled, number), notSent, Math.max(last, number), lastEndedAt);
    }

    /** These, and what a later part of the log says. */
    public Attempts followedBy(Attempts later) {
        Set<Integer> beyond = new HashSet<>(notSent);
        beyond.addAll(later.notSent);
        return new Attempts(
                Math.max(settled, later.settled),
                beyond,
                Math.max(last, later.last),
                later.last >= last ? later.lastEndedAt.or(() -> lastEndedAt) : lastEndedAt);
    }

    private Instant later(Instant endedAt) {
        return lastEndedAt.filter(endedAt::isBefore).orElse(endedAt);
    }
}
