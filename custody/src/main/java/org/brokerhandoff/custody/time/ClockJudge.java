package org.brokerhandoff.custody.time;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.brokerhandoff.custody.time.ClockVerdict.Agrees;
import org.brokerhandoff.custody.time.ClockVerdict.Reason;
import org.brokerhandoff.custody.time.ClockVerdict.SteppedAhead;
import org.brokerhandoff.custody.time.ClockVerdict.SteppedBack;
import org.brokerhandoff.custody.time.ClockVerdict.Unconfirmed;

/**
 * Decides whether the wall clock can be true. Pure.
 *
 * <pre>
 *   start, mark of this boot ----&gt; AGREES &lt;------------- clock returned, log agrees, operator, another process
 *                                  |    ^                                  |
 *              wall clock jumps    v    |                                  |
 *                        STEPPED_AHEAD, STEPPED_BACK ----------------------+
 *                                                                          |
 *   start, no mark or mark of another boot ----&gt; UNCONFIRMED --------------+
 * </pre>
 *
 * <p>Trusted time is the last time that was trusted, and what has passed on the boot clock since. It never follows a jump of the wall
 * clock; it follows a small difference by at most a tenth of what has passed, so that NTP may slew as it likes. A jump is believed only
 * if something says so that does not share the clock: Kafka's append times count when Kafka's clock has been seen to differ from
 * ours, for a broker on the same host would jump with it.
 */
public final class ClockJudge {
    /** A difference between wall clock and boot clock that is followed: NTP steps less than this. */
    public static final Duration TOLERANCE = Duration.ofSeconds(10);

    /** Within which a clock in doubt is believed again: well inside the tolerance, so that a step at its edge does not flap. */
    static final Duration RETURNED = TOLERANCE.dividedBy(2);

    /** By how much the clocks of a cluster's hosts may differ. */
    public static final Duration LOG_TOLERANCE = Duration.ofSeconds(30);

    /** For how long a host may have been away at a restart for Kafka's agreement alone to be enough: Kafka may share its clock. */
    public static final Duration LONGEST_RESTART = Duration.ofMinutes(15);

    /** For how long no broker may have dissented before a jump is believed. */
    static final Duration UNANIMOUS = Duration.ofSeconds(60);

    /** Part of the time passed by which a small difference is followed; chrony slews by up to a twelfth. */
    private static final int SLEW_PART = 10;

    private ClockJudge() {}

    /** The first judgement of a process. */
    public static ClockState start(ClockReading reading, Optional<TimeMark> mark) {
        Optional<Instant> ofThisBoot = mark.flatMap(known -> known.at(reading));
        if (ofThisBoot.isPresent()) {
            return compared(reading, ofThisBoot.get(), mark.get().sinceBoot(), Optional.empty(), Optional.empty());
        }
        Instant trusted = mark.map(TimeMark::trusted).orElse(reading.wall());
        Reason reason = mark.isPresent() ? Reason.HOST_RESTARTED : Reason.NO_MARK;
        return new ClockState(
                reading,
                trusted,
                new Unconfirmed(reason, Duration.between(trusted, reading.wall()), reading.sinceBoot()),
                Optional.empty(),
                OptionalLong.empty(),
                Optional.empty(),
                Optional.empty());
    }

    /**
     * The next judgement.
     *
     * @param reading a reading of the same process
     * @param mark what another process of this host, or an operator, has written down since; empty if there is none
     * @param appends what was seen of Kafka's clock since the last judgement
     */
    public static ClockState next(
            ClockState before, ClockReading reading, Optional<TimeMark> mark, List<AppendObservation> appends) {
        Instant trusted = before.trusted().plus(reading.since(before.reading().sinceBoot()));
        Optional<Duration> logDifference = before.logDifference();
        Optional<Duration> dissentedAt = before.logDissentedAt();
        boolean logAgrees = false;
        for (AppendObservation append : appends) {
            if (append.steady()) {
                logDifference = Optional.of(append.differenceFromWall());
                if (!append.agreesWithWall()) {
                    dissentedAt = Optional.of(append.acknowledged().sinceBoot());
                }
                logAgrees = append.agreesWithWall() && isOfNow(append, reading, before.verdict());
            }
        }
        return before.agrees()
                ? running(before, reading, trusted, mark, logDifference, dissentedAt)
                : inDoubt(before, reading, trusted, mark, logDifference, dissentedAt, logAgrees);
    }

    private static ClockState running(
            ClockState before,
            ClockReading reading,
            Instant trusted,
            Optional<TimeMark> mark,
            Optional<Duration> logDifference,
            Optional<Duration> dissentedAt) {
        Optional<Instant> elsewhere = mark.flatMap(known -> known.at(reading))
                .filter(other -> Duration.between(trusted, other).abs().compareTo(TOLERANCE) > 0);
        if (elsewhere.isPresent()) {
            Instant earlier = elsewhere.get().isBefore(trusted) ? elsewhere.get() : trusted;
            return new ClockState(
                    reading,
                    earlier,
                    new Unconfirmed(
                            Reason.PROCESSES_DISAGREE, Duration.between(earlier, reading.wall()), reading.sinceBoot()),
                    Optional.empty(),
                    OptionalLong.empty(),
                    logDifference,
                    dissentedAt);
        }
        Duration difference = Duration.between(trusted, reading.wall());
        Duration most = reading.since(before.reading().sinceBoot()).dividedBy(SLEW_PART);
        boolean small = difference.abs().compareTo(TOLERANCE) <= 0;
        // With all three clocks in agreement, what was seen of Kafka's before proves nothing of a later jump.
        Optional<Duration> stillDissenting =
                small && logDifference.filter(Duration::isZero).isPresent() ? Optional.empty() : dissentedAt;
        return compared(
                reading,
                small ? trusted.plus(within(difference, most)) : trusted,
                before.reading().sinceBoot(),
                logDifference,
                stillDissenting);
    }

    private static ClockState inDoubt(
            ClockState before,
            ClockReading reading,
            Instant trusted,
            Optional<TimeMark> mark,
            Optional<Duration> logDifference,
            Optional<Duration> dissentedAt,
            boolean logAgrees) {
        Duration difference = Duration.between(trusted, reading.wall());
        Optional<TimeMark> agreeing = mark.filter(known -> known.sinceBoot().compareTo(since(before.verdict())) >= 0)
                .filter(known -> known.at(reading)
                        .filter(time ->
                                Duration.between(time, reading.wall()).abs().compareTo(RETURNED) <= 0)
                        .isPresent());
        Optional<ClockResolution> resolution = Optional.empty();
        if (before.confirmed() && difference.abs().compareTo(RETURNED) <= 0) {
            resolution = Optional.of(ClockResolution.CLOCK_RETURNED);
        } else if (agreeing.isPresent()) {
            resolution = Optional.of(
                    agreeing.get().confirmedBy().isPresent()
                            ? ClockResolution.OPERATOR
                            : ClockResolution.ANOTHER_PROCESS);
        } else if (logAgrees && (anotherClock(dissentedAt, reading) || enough(before.verdict(), difference))) {
            resolution = Optional.of(ClockResolution.LOG_AGREES);
        }
        if (resolution.isPresent()) {
            boolean returned = resolution.get() == ClockResolution.CLOCK_RETURNED;
            // Another process of this host has the same wall clock: what it trusts counts, not what the clock says now.
            Instant resolved = returned
                    ? trusted
                    : agreeing.flatMap(known -> known.at(reading)).orElse(reading.wall());
            return new ClockState(
                    reading,
                    resolved,
                    new Agrees(Duration.between(resolved, reading.wall())),
                    resolution,
                    returned
                            ? OptionalLong.empty()
                            : agreeing.map(TimeMark::confirmedBy).orElse(OptionalLong.empty()),
                    logDifference,
                    Optional.empty());
        }
        return new ClockState(
                reading,
                trusted,
                still(before.verdict(), difference),
                Optional.empty(),
                OptionalLong.empty(),
                logDifference,
                dissentedAt);
    }

    /**
     * Whether Kafka has been seen at another time than this host, and at none but this host's for a while since: the brokers of a cluster
     * each have a clock, of which one may be ours.
     */
    private static boolean anotherClock(Optional<Duration> dissentedAt, ClockReading reading) {
        return dissentedAt
                .filter(at -> reading.since(at).compareTo(UNANIMOUS) >= 0)
                .isPresent();
    }

    /** Whether Kafka's agreement is enough although nothing shows that its clock is another one. */
    private static boolean enough(ClockVerdict verdict, Duration difference) {
        if (!(verdict instanceof Unconfirmed unconfirmed)) {
            return false;
        }
        return switch (unconfirmed.reason()) {
            case NO_MARK -> true;
            case HOST_RESTARTED ->
                difference.compareTo(TOLERANCE.negated()) >= 0 && difference.compareTo(LONGEST_RESTART) <= 0;
            case PROCESSES_DISAGREE -> false;
        };
    }

    /** Whether the record was sent after the doubt began, and the wall clock has not moved since. */
    private static boolean isOfNow(AppendObservation append, ClockReading reading, ClockVerdict verdict) {
        Duration byWall = Duration.between(append.acknowledged().wall(), reading.wall());
        Duration byBoot = reading.since(append.acknowledged().sinceBoot());
        return append.sent().sinceBoot().compareTo(since(verdict)) >= 0
                && byWall.minus(byBoot).abs().compareTo(TOLERANCE) <= 0;
    }

    private static ClockState compared(
            ClockReading reading,
            Instant trusted,
            Duration since,
            Optional<Duration> logDifference,
            Optional<Duration> dissentedAt) {
        Duration difference = Duration.between(trusted, reading.wall());
        ClockVerdict verdict;
        if (difference.abs().compareTo(TOLERANCE) <= 0) {
            verdict = new Agrees(difference);
        } else if (difference.isNegative()) {
            verdict = new SteppedBack(difference, since);
        } else {
            verdict = new SteppedAhead(difference, since);
        }
        return new ClockState(
                reading, trusted, verdict, Optional.empty(), OptionalLong.empty(), logDifference, dissentedAt);
    }

    private static ClockVerdict still(ClockVerdict verdict, Duration difference) {
        if (verdict instanceof Unconfirmed unconfirmed) {
            return new Unconfirmed(unconfirmed.reason(), difference, unconfirmed.since());
        }
        return difference.isNegative()
                ? new SteppedBack(difference, since(verdict))
                : new SteppedAhead(difference, since(verdict));
    }

    private static Duration since(ClockVerdict verdict) {
        if (verdict instanceof SteppedAhead ahead) {
            return ahead.since();
        } else if (verdict instanceof SteppedBack back) {
            return back.since();
        }
        return verdict instanceof Unconfirmed unconfirmed ? unconfirmed.since() : Duration.ZERO;
    }

    private static Duration within(Duration difference, Duration most) {
        if (difference.compareTo(most) > 0) {
            return most;
        }
        return difference.compareTo(most.negated()) < 0 ? most.negated() : difference;
    }
}
