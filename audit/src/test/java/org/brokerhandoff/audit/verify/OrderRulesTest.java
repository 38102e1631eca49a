package org.brokerhandoff.audit.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.brokerhandoff.audit.Life.FJORD;
import static org.brokerhandoff.audit.verify.SampleHistories.AFTER_THE_HOLD;
import static org.brokerhandoff.audit.verify.SampleHistories.LIFE;
import static org.brokerhandoff.audit.verify.SampleHistories.RECEIVED;
import static org.brokerhandoff.audit.verify.SampleHistories.breach;
import static org.brokerhandoff.audit.verify.SampleHistories.delivered;
import static org.brokerhandoff.audit.verify.SampleHistories.expired;
import static org.brokerhandoff.audit.verify.SampleHistories.foundByItsRuleOnly;
import static org.brokerhandoff.audit.verify.SampleHistories.undeliverable;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;
import org.brokerhandoff.audit.Life;
import org.brokerhandoff.audit.Records;
import org.brokerhandoff.event.Assigned;
import org.brokerhandoff.event.AttemptMade;
import org.brokerhandoff.event.ConsentGranted;
import org.brokerhandoff.event.Delivered;
import org.brokerhandoff.event.PolicyPublished;
import org.brokerhandoff.event.PurgeReason;
import org.brokerhandoff.event.Purged;
import org.brokerhandoff.event.Refused;
import org.brokerhandoff.schemas.CloudEventHeaders;
import org.brokerhandoff.schemas.ConsentTimes;
import org.brokerhandoff.schemas.HoldTimes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class OrderRulesTest {
    private static final Duration HOURS = Duration.ofHours(5);

    /** The consent was given and received ten minutes before the rest. */
    private static History receivedEarlier() {
        return delivered()
                .change(
                        ConsentGranted.class,
                        e -> ConsentGranted.newBuilder(e)
                                .setGivenAt(RECEIVED.minusSeconds(601))
                                .setReceivedAt(RECEIVED.minusSeconds(600))
                                .build());
    }

    private static Purged destroyedAt(Purged purged, Instant at) {
        return Purged.newBuilder(purged).setKeyErasedAt(at).build();
    }

    private static Purged claimedAt(Instant at) {
        return Purged.newBuilder(LIFE.purged(PurgeReason.DELIVERED, 230))
                .setPurgedAt(at)
                .build();
    }

    private static History consented(Instant givenAt) {
        return SampleHistories.consentedAt(givenAt);
    }

    static Stream<Arguments> breaches() {
        return Stream.of(
                breach(
                        "purged-once",
                        "the key was destroyed before the attempt that used it",
                        receivedEarlier().change(Purged.class, e -> destroyedAt(e, RECEIVED.minusSeconds(120)))),
                breach(
                        "purged-once",
                        "the key was destroyed before the signup was received, at UNREADABLE",
                        expired()
                                .without(Assigned.class)
                                .without(AttemptMade.class)
                                .change(
                                        Purged.class,
                                        e -> SampleHistories.withoutRecord(Purged.newBuilder(e)
                                                .setReason(PurgeReason.INVALID)
                                                .setKeyErasedAt(RECEIVED.minusSeconds(90))
                                                .setPurgedAt(RECEIVED.minusSeconds(80))
                                                .build()))),
                breach(
                        "attempt-in-order",
                        "an attempt before its broker was chosen",
                        receivedEarlier()
                                .change(
                                        AttemptMade.class,
                                        e -> AttemptMade.newBuilder(e)
                                                .setStartedAt(LIFE.at(-120_000))
                                                .build())),
                breach(
                        "attempt-in-order",
                        "accepted before it started",
                        delivered()
                                .change(
                                        Delivered.class,
                                        e -> Delivered.newBuilder(e)
                                                .setAcceptedAt(LIFE.at(-120_000))
                                                .build())),
                breach(
                        "attempt-in-order",
                        "refused before it started",
                        undeliverable()
                                .change(
                                        Refused.class,
                                        e -> Refused.newBuilder(e)
                                                .setRefusedAt(LIFE.at(-120_000))
                                                .build())),
                breach(
                        "attempt-in-order",
                        "ended before it started",
                        delivered()
                                .change(
                                        AttemptMade.class,
                                        e -> AttemptMade.newBuilder(e)
                                                .setEndedAt(LIFE.at(-120_000))
                                                .build())),
                breach(
                        "hold-bounded",
                        "a promise beyond what any installation gives",
                        delivered()
                                .change(
                                        ConsentGranted.class,
                                        e -> ConsentGranted.newBuilder(e)
                                                .setEraseBy(RECEIVED.plus(HoldTimes.LONGEST_HOLD)
                                                        .plusMillis(1))
                                                .build())),
                breach("consent-dated", "given long after it was received", consented(RECEIVED.plus(HOURS))),
                breach(
                        "consent-dated",
                        "given just beyond the tolerance for clocks",
                        consented(RECEIVED.plus(ConsentTimes.MOST_CLOCK_SKEW)
                                .plusMillis(ProcessClocks.MOST_APART_MILLIS + 1))),
                breach(
                        "purge-repeats-follow",
                        "dated before the first",
                        delivered()
                                .change(Purged.class, e -> claimedAt(RECEIVED.plus(HOURS)))
                                .write(claimedAt(LIFE.at(1430)))),
                breach(
                        "purge-repeats-follow",
                        "with a key destroyed before the first one's",
                        delivered()
                                .change(
                                        Purged.class,
                                        e -> destroyedAt(claimedAt(RECEIVED.plus(HOURS)), RECEIVED.plusSeconds(3600)))
                                .write(claimedAt(RECEIVED.plus(HOURS)))),
                breach(
                        "record-append-time",
                        "a time that the producer gave",
                        delivered().tamper(Delivered.class, r -> Records.appended(r, r.appendedAt(), false))),
                breach(
                        "dated-back",
                        "a purge",
                        delivered()
                                .tamper(
                                        Purged.class,
                                        r -> Records.appended(r, r.appendedAt().plus(HOURS), true))),
                breach(
                        "dated-back",
                        "a purge whose header is right",
                        delivered()
                                .tamper(
                                        Purged.class,
                                        r -> Records.header(
                                                Records.appended(
                                                        r, r.appendedAt().plus(HOURS), true),
                                                CloudEventHeaders.TIME,
                                                Optional.of(r.appendedAt()
                                                        .plus(HOURS)
                                                        .toString())))),
                breach(
                        "dated-back",
                        "a policy",
                        delivered()
                                .tamper(
                                        PolicyPublished.class,
                                        r -> Records.header(
                                                Records.appended(r, RECEIVED, true),
                                                CloudEventHeaders.TIME,
                                                Optional.of(RECEIVED.toString())))),
                breach(
                        "dated-back",
                        "a consent",
                        delivered().tamper(ConsentGranted.class, r -> Records.appended(r, RECEIVED.plus(HOURS), true))),
                breach(
                        "dated-ahead",
                        "an acceptance",
                        delivered()
                                .tamper(
                                        Delivered.class,
                                        r -> Records.header(
                                                r,
                                                CloudEventHeaders.TIME,
                                                Optional.of(RECEIVED.plus(HOURS).toString())))));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("breaches")
    void each_breach_is_found_by_its_rule_and_no_other(String rule, String name, History history) {
        foundByItsRuleOnly(rule, history);
    }

    @Test
    void no_later_purge_cures_one_that_was_late() {
        Purged late = Purged.newBuilder(claimedAt(AFTER_THE_HOLD)).build();
        Verdict verdict = delivered()
                .change(Purged.class, e -> late)
                .write(claimedAt(LIFE.at(1430)))
                .verdict(AFTER_THE_HOLD, false);
        assertThat(verdict.brokenRules()).containsExactlyInAnyOrder("purged-in-time", "purge-repeats-follow");
    }

    @Test
    void what_clocks_may_differ_by_is_no_breach() {
        assertThat(consented(RECEIVED.plus(ConsentTimes.MOST_CLOCK_SKEW).plusMillis(ProcessClocks.MOST_APART_MILLIS))
                        .verdict(AFTER_THE_HOLD, false)
                        .violations())
                .isEmpty();
        assertThat(delivered()
                        .change(
                                ConsentGranted.class,
                                e -> ConsentGranted.newBuilder(e)
                                        .setEraseBy(RECEIVED.plus(HoldTimes.LONGEST_HOLD))
                                        .build())
                        .verdict(AFTER_THE_HOLD, false)
                        .violations())
                .isEmpty();
        assertThat(delivered()
                        .change(
                                AttemptMade.class,
                                e -> LIFE.attempt(FJORD, 1, 10 - ProcessClocks.MOST_APART_MILLIS, e.getOutcome()))
                        .verdict(AFTER_THE_HOLD, false)
                        .violations())
                .isEmpty();
        // By a router that was suspended with its claim in transit.
        Instant stopped = LIFE.at(1430 + ProcessClocks.LONGEST_STOP_MILLIS);
        assertThat(delivered()
                        .change(Purged.class, e -> claimedAt(stopped))
                        .write(claimedAt(LIFE.at(1430)))
                        .verdict(AFTER_THE_HOLD, false)
                        .violations())
                .isEmpty();
        assertThat(Life.HOLD).isLessThan(HoldTimes.LONGEST_HOLD);
    }
}
