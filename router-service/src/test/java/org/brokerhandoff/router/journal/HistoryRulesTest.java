package org.brokerhandoff.router.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.brokerhandoff.event.Assigned;
import org.brokerhandoff.event.AttemptMade;
import org.brokerhandoff.event.AttemptOutcome;
import org.brokerhandoff.event.Delivered;
import org.brokerhandoff.event.Digest;
import org.brokerhandoff.event.ExclusionReason;
import org.brokerhandoff.event.PingMade;
import org.brokerhandoff.event.PingOutcome;
import org.brokerhandoff.event.Purpose;
import org.brokerhandoff.event.RefusalReason;
import org.brokerhandoff.event.Refused;
import org.brokerhandoff.event.ReleaseReason;
import org.brokerhandoff.event.Released;
import org.brokerhandoff.event.SignupId;
import org.brokerhandoff.event.Undeliverable;
import org.brokerhandoff.event.UndeliverableReason;
import org.brokerhandoff.router.domain.Assignment;
import org.brokerhandoff.router.domain.Attempts;
import org.brokerhandoff.router.domain.History;
import org.brokerhandoff.schemas.SignupIds;
import org.junit.jupiter.api.Test;

class HistoryRulesTest {
    private static final Instant NOW = Instant.parse("2026-11-22T13:00:00Z");
    private static final SignupId ID = SignupIds.fixed(UUID.fromString("01936d2e-0000-7000-8000-000000000001"));

    private static Assigned assigned(String broker, int hop) {
        return new Assigned(
                ID,
                broker,
                hop,
                new Digest(new byte[32]),
                NOW,
                "NO",
                null,
                List.of(broker),
                List.of(),
                List.of(),
                List.of(),
                Purpose.BROKER_HANDOFF);
    }

    @Test
    void each_event_adds_its_fact() {
        History history = HistoryRules.apply(History.NONE, assigned("a", 0));
        assertThat(history.assignment()).contains(new Assignment("a", 0, NOW));
        history = HistoryRules.apply(history, new Refused(ID, "a", 1, NOW, NOW, RefusalReason.REJECTED, 422));
        assertThat(history.assignment()).isEmpty();
        assertThat(history.passedOver()).containsExactly(entry("a", ExclusionReason.REFUSED_BEFORE));
        history = HistoryRules.apply(history, assigned("b", 1));
        assertThat(history.assignment()).contains(new Assignment("b", 1, NOW));
        history = HistoryRules.apply(history, new Delivered(ID, "b", 2, NOW, NOW, false, 200));
        assertThat(history.deliveredTo()).contains("b");
    }

    @Test
    void a_release_ends_an_assignment_as_a_refusal_does_and_a_declined_ping_ends_none() {
        History assigned = HistoryRules.apply(History.NONE, assigned("a", 0));
        History released =
                HistoryRules.apply(assigned, new Released(ID, "a", NOW, null, ReleaseReason.NOTHING_SENT, 0));
        assertThat(released.assignment()).isEmpty();
        assertThat(released.passedOver()).containsExactly(entry("a", ExclusionReason.NOT_RECEIVED));
        assertThat(released.nextHop()).isEqualTo(1);
        PingMade ping = new PingMade(ID, "a", 0, NOW, NOW, PingOutcome.DECLINED, 409);
        History pinged = HistoryRules.apply(assigned, ping);
        assertThat(pinged.assignment()).contains(new Assignment("a", 0, NOW));
        assertThat(pinged.passedOver()).containsExactly(entry("a", ExclusionReason.PING_DECLINED));
        assertThat(pinged.ended("a")).isFalse();
        assertThat(HistoryRules.apply(History.NONE, ping).nextHop()).isZero();
    }

    /** Kafka may have what it did not acknowledge: the event stands there twice then. */
    @Test
    void a_release_settles_what_was_counted_before_it_and_its_repeat_no_more() {
        History sent = HistoryRules.apply(History.NONE, assigned("a", 0)).with(Attempts.NONE.with(1, NOW, true));
        Released released = new Released(ID, "a", NOW, NOW, ReleaseReason.NOT_RECEIVED, 2);
        Released older = new Released(ID, "a", NOW, NOW, ReleaseReason.NOT_RECEIVED, 0);
        for (Released each : List.of(released, older)) {
            History once = HistoryRules.apply(sent, each);
            // Where it does not say, what was read before it: one that took the slot back first counted that, too.
            assertThat(once.attempts().settled()).isEqualTo(each.getAttempts() == 2 ? 2 : 1);
            assertThat(HistoryRules.apply(once, each)).isEqualTo(once);
        }
        // An attempt that was recorded first, and is not among those.
        History resent = sent.with(sent.attempts().with(3, NOW, true));
        assertThat(HistoryRules.apply(resent, released).attempts().settled()).isEqualTo(2);
    }

    @Test
    void undeliverable_is_a_fact_and_an_attempt_is_only_counted() {
        assertThat(HistoryRules.apply(
                                History.NONE,
                                new Undeliverable(
                                        ID,
                                        NOW,
                                        UndeliverableReason.ALL_REFUSED,
                                        new Digest(new byte[32]),
                                        "NO",
                                        null,
                                        List.of(),
                                        List.of(),
                                        List.of(),
                                        Purpose.BROKER_HANDOFF))
                        .undeliverable())
                .isTrue();
        assertThat(HistoryRules.apply(
                        History.NONE, new AttemptMade(ID, "a", 1, NOW, NOW, AttemptOutcome.UNKNOWN, null, null)))
                .isEqualTo(History.NONE.with(Attempts.NONE.with(1, NOW, true)));
    }

    @Test
    void a_repeated_event_changes_nothing() {
        History once = HistoryRules.apply(History.NONE, assigned("a", 0));
        assertThat(HistoryRules.apply(once, assigned("a", 0))).isEqualTo(once);
    }
}
