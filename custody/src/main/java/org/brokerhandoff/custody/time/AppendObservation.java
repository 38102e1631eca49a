package org.brokerhandoff.custody.time;

import java.time.Duration;
import java.time.Instant;

/**
 * The time at which a Kafka broker appended a record by its own clock, between two readings of ours. Evidence only where the topic has
 * {@code LogAppendTime}: a producer may write any {@code CreateTime}.
 *
 * @param sent before the record was sent
 * @param acknowledged after its acknowledgement had come
 */
public record AppendObservation(ClockReading sent, ClockReading acknowledged, Instant appendedAt) {
    /** Whether our wall clock ran on without a step in between; else nothing can be concluded. */
    boolean steady() {
        Duration byWall = Duration.between(sent.wall(), acknowledged.wall());
        return sent.boot().equals(acknowledged.boot())
                && byWall.minus(acknowledged.since(sent.sinceBoot())).abs().compareTo(ClockJudge.TOLERANCE) <= 0;
    }

    /** Whether the broker's clock was then where our wall clock was. */
    boolean agreesWithWall() {
        return differenceFromWall().isZero();
    }

    /** How far the broker's clock was ahead of our wall clock; zero if that is less than clocks of a cluster may differ. */
    Duration differenceFromWall() {
        Duration ahead = Duration.between(acknowledged.wall(), appendedAt);
        Duration behind = Duration.between(appendedAt, sent.wall());
        if (ahead.compareTo(ClockJudge.LOG_TOLERANCE) > 0) {
            return ahead;
        }
        return behind.compareTo(ClockJudge.LOG_TOLERANCE) > 0 ? behind.negated() : Duration.ZERO;
    }
}
