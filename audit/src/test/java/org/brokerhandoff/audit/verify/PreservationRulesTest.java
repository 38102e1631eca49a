package org.brokerhandoff.audit.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.brokerhandoff.audit.Disclosing.DECIDING;
import static org.brokerhandoff.audit.Disclosing.ENTERING;
import static org.brokerhandoff.audit.Life.FJORD;
import static org.brokerhandoff.audit.verify.SampleHistories.EXPIRY_MILLIS;
import static org.brokerhandoff.audit.verify.SampleHistories.LIFE;
import static org.brokerhandoff.audit.verify.SampleHistories.RECEIVED;
import static org.brokerhandoff.audit.verify.SampleHistories.breach;
import static org.brokerhandoff.audit.verify.SampleHistories.foundByItsRuleOnly;
import static org.brokerhandoff.audit.verify.SampleHistories.life;
import static org.brokerhandoff.audit.verify.SampleHistories.published;
import static org.brokerhandoff.audit.verify.SampleRequests.NEXT_YEAR;

import java.time.Duration;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.brokerhandoff.audit.Disclosing;
import org.brokerhandoff.event.AttemptOutcome;
import org.brokerhandoff.event.DisclosureBasis;
import org.brokerhandoff.event.DisclosureGround;
import org.brokerhandoff.event.DisclosureRequester;
import org.brokerhandoff.event.PurgeReason;
import org.brokerhandoff.event.WithdrawalOutcome;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The promise is for a day, and the key's expiry ten minutes before. */
class PreservationRulesTest {
    private static final Disclosing ORDER = new Disclosing(LIFE, new UUID(4, 1), DisclosureBasis.COURT_ORDER);
    private static final Disclosing NEXT = new Disclosing(LIFE, new UUID(4, 2), DisclosureBasis.COURT_ORDER);
    private static final long ENTERED = 300;
    private static final long GRANTED = 500;
    private static final long UNTIL = Duration.ofDays(2).toMillis();
    private static final long RESERVE = Duration.ofMinutes(10).toMillis();
    private static final long NEXT_UNTIL = Duration.ofDays(3).toMillis();
    private static final long IN_BETWEEN = Duration.ofHours(30).toMillis();
    private static final long MINUTE = 60_000;

    private static History waiting() {
        return published()
                .write(
                        LIFE.granted(),
                        LIFE.assigned(FJORD, 0, 10),
                        LIFE.attempt(FJORD, 1, 20, AttemptOutcome.NOT_SENT));
    }

    private static History ordered() {
        return waiting().write(ORDER.ordered(ENTERED, DisclosureRequester.COURT, UNTIL));
    }

    private static History held() {
        return ordered().write(ORDER.held(GRANTED, DECIDING, UNTIL));
    }

    private static History renewed(long grantedMillis) {
        return held().write(
                        NEXT.ordered(ENTERED, DisclosureRequester.AUTHORITY, NEXT_UNTIL),
                        NEXT.held(grantedMillis, DECIDING, NEXT_UNTIL));
    }

    private static History expired(History history, long millis) {
        return history.write(LIFE.purged(PurgeReason.EXPIRED, millis));
    }

    static Stream<Arguments> goodLives() {
        return Stream.of(
                life("kept to its end", () -> expired(held(), UNTIL - RESERVE)),
                life("kept, and purged in the last moment", () -> expired(held(), UNTIL - 1200)),
                life("ordered, and not granted", () -> expired(ordered(), EXPIRY_MILLIS)),
                life(
                        "withdrawn while it was kept",
                        () -> published()
                                .write(
                                        LIFE.granted(),
                                        ORDER.ordered(ENTERED, DisclosureRequester.COURT, UNTIL),
                                        ORDER.held(GRANTED, DECIDING, UNTIL))
                                .write(
                                        LIFE.withdrawn(WithdrawalOutcome.ERASED_BEFORE_HANDOFF, IN_BETWEEN),
                                        LIFE.purged(PurgeReason.WITHDRAWN, IN_BETWEEN))),
                life(
                        "handed over in its time",
                        () -> held().write(
                                        LIFE.attempt(FJORD, 2, 1_000, AttemptOutcome.UNKNOWN),
                                        LIFE.delivered(FJORD, 3, 2_000),
                                        LIFE.purged(PurgeReason.DELIVERED, 2_200))),
                life("released", () -> expired(held().write(ORDER.released(IN_BETWEEN)), IN_BETWEEN + 1_000)),
                life(
                        "released, and purged at the end of the reserve",
                        () -> expired(held().write(ORDER.released(IN_BETWEEN)), IN_BETWEEN + RESERVE - 1_200)),
                life("released before the promise", () -> expired(held().write(ORDER.released(1_000)), EXPIRY_MILLIS)),
                life("renewed", () -> expired(renewed(IN_BETWEEN), NEXT_UNTIL - RESERVE)),
                life(
                        "held for two orders, and released for the longer one",
                        () -> expired(renewed(IN_BETWEEN).write(NEXT.released(IN_BETWEEN + 1)), UNTIL - RESERVE)),
                life(
                        "granted by two services at once",
                        () -> expired(held().write(ORDER.held(GRANTED + 1, "admin-3", UNTIL)), UNTIL - RESERVE)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("goodLives")
    void nothing_is_found_where_all_is_well(String name, Supplier<History> history) {
        assertThat(history.get().verdict(NEXT_YEAR, false).brokenRules()).isEmpty();
    }

    static Stream<Arguments> breaches() {
        return Stream.of(
                breach("purged-in-time", "kept too long", expired(held(), UNTIL)),
                breach("purged-in-time", "kept without an order", expired(waiting(), UNTIL - RESERVE)),
                breach("purged-in-time", "ordered, and not granted", expired(ordered(), UNTIL - RESERVE)),
                breach(
                        "purged-in-time",
                        "kept after it was released",
                        expired(held().write(ORDER.released(IN_BETWEEN)), IN_BETWEEN + RESERVE)),
                breach(
                        "purged-in-time",
                        "refused first, which counts",
                        expired(ordered().write(ORDER.refused(GRANTED, DisclosureGround.TOO_WIDE)), UNTIL - RESERVE)),
                breach(
                        "preservation-ordered",
                        "until another time than was ordered",
                        expired(ordered().write(ORDER.held(GRANTED, DECIDING, UNTIL + 1)), EXPIRY_MILLIS)),
                breach(
                        "preservation-ordered",
                        "not ordered",
                        expired(
                                waiting().write(ORDER.requested(ENTERED), ORDER.held(GRANTED, DECIDING, UNTIL)),
                                EXPIRY_MILLIS)),
                breach(
                        "preservation-ordered",
                        "ordered by a third party",
                        expired(
                                waiting()
                                        .write(
                                                ORDER.ordered(ENTERED, DisclosureRequester.THIRD_PARTY, UNTIL),
                                                ORDER.held(GRANTED, DECIDING, UNTIL)),
                                EXPIRY_MILLIS)),
                breach(
                        "preservation-ordered",
                        "for more than 90 days",
                        expired(
                                waiting()
                                        .write(
                                                ORDER.ordered(ENTERED, DisclosureRequester.COURT, TOO_LONG),
                                                ORDER.held(GRANTED, DECIDING, TOO_LONG)),
                                EXPIRY_MILLIS)),
                breach(
                        "preservation-ordered",
                        "released, and never granted",
                        expired(ordered().write(ORDER.released(GRANTED)), EXPIRY_MILLIS)),
                breach(
                        "preservation-ordered",
                        "released before it was granted",
                        expired(
                                ordered().write(ORDER.released(ENTERED), ORDER.held(GRANTED, DECIDING, UNTIL)),
                                EXPIRY_MILLIS)),
                breach("preservation-kept", "destroyed at its own expiry", expired(held(), EXPIRY_MILLIS)),
                breach("preservation-kept", "destroyed before its end", expired(held(), UNTIL - RESERVE - MINUTE - 1)),
                breach(
                        "preservation-kept",
                        "destroyed at the end of the order before",
                        expired(renewed(IN_BETWEEN), UNTIL - RESERVE)),
                breach(
                        "preservation-unsent",
                        "sent while it was kept",
                        held().write(
                                        LIFE.delivered(FJORD, 2, EXPIRY_MILLIS + MINUTE + 1),
                                        LIFE.purged(PurgeReason.DELIVERED, EXPIRY_MILLIS + 2 * MINUTE))));
    }

    private static final long TOO_LONG = Duration.ofDays(91).toMillis();

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("breaches")
    void each_breach_is_found_by_its_rule_and_no_other(String rule, String name, History history) {
        foundByItsRuleOnly(rule, history);
    }

    @Test
    void a_hold_of_one_pair_of_eyes_or_granted_too_late_excuses_nothing() {
        assertThat(expired(ordered().write(ORDER.held(GRANTED, ENTERING, UNTIL)), UNTIL - RESERVE)
                        .verdict(NEXT_YEAR, false)
                        .brokenRules())
                .containsExactlyInAnyOrder("disclosure-four-eyes", "preservation-ordered", "purged-in-time");
        assertThat(expired(ordered().write(ORDER.held(EXPIRY_MILLIS + MINUTE + 1, DECIDING, UNTIL)), UNTIL - RESERVE)
                        .verdict(NEXT_YEAR, false)
                        .brokenRules())
                .containsExactlyInAnyOrder("preservation-ordered", "purged-in-time");
        assertThat(expired(renewed(UNTIL), NEXT_UNTIL - RESERVE)
                        .verdict(NEXT_YEAR, false)
                        .brokenRules())
                .containsExactlyInAnyOrder("preservation-ordered", "purged-in-time");
        assertThat(expired(held().write(ORDER.held(GRANTED + 1, DECIDING, UNTIL + 1)), UNTIL - RESERVE)
                        .verdict(NEXT_YEAR, false)
                        .brokenRules())
                .containsExactlyInAnyOrder("disclosure-decided-once");
    }

    @Test
    void what_is_kept_is_not_overdue_and_what_it_was_promised_is_remembered() {
        assertThat(held().verdict(RECEIVED.plusMillis(UNTIL), false).brokenRules())
                .isEmpty();
        assertThat(held().verdict(RECEIVED.plusMillis(UNTIL + 1), false).brokenRules())
                .containsExactly("purged-in-time");
        assertThat(waiting().verdict(RECEIVED.plusMillis(UNTIL), false).brokenRules())
                .containsExactly("purged-in-time");
    }
}
