package org.brokerhandoff.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import org.brokerhandoff.event.Exclusion;
import org.brokerhandoff.event.ExclusionReason;
import org.brokerhandoff.event.Purpose;
import org.brokerhandoff.event.RecipientKind;
import org.brokerhandoff.event.UndeliverableReason;
import org.junit.jupiter.api.Test;

/** Brokers that cannot take a signup now: full, closed or suspended. */
class AssignerLoadTest {
    private static Load load(boolean suspended, boolean unavailable, int hourly, int daily) {
        return new Load(suspended, unavailable, hourly, daily);
    }

    @Test
    void who_cannot_take_it_now_is_passed_over_for_who_can_whatever_the_priority() {
        List<BrokerFacts> brokers = List.of(
                Facts.terms("closed", RecipientKind.BROKER, 0, 0, "Europe/Oslo", "Sat 10:00-12:00"),
                Facts.broker("down"),
                Facts.terms("full", RecipientKind.BROKER, 5, 100, "Europe/Oslo"),
                Facts.broker("good", 9, 1),
                Facts.broker("suspended"));
        Map<String, Load> loads = Map.of(
                "down", load(false, true, 0, 0),
                "full", load(false, false, 5, 7),
                "suspended", load(true, true, 0, 0));
        Decision decision = Assigner.decide(
                Facts.input(
                        UUID.randomUUID(),
                        "NO",
                        Optional.empty(),
                        List.of("closed", "down", "full", "good", "suspended"),
                        Map.of(),
                        loads),
                brokers);
        assertThat(((Decision.Assign) decision).broker().id()).isEqualTo("good");
        assertThat(decision.exclusions())
                .containsExactly(
                        new Exclusion("closed", ExclusionReason.CLOSED),
                        new Exclusion("down", ExclusionReason.UNAVAILABLE),
                        new Exclusion("full", ExclusionReason.CAP_REACHED),
                        new Exclusion("suspended", ExclusionReason.SUSPENDED));
    }

    @Test
    void a_signup_waits_if_somebody_may_take_it_later_until_the_first_of_them_may() {
        // Wednesday, 14:00 in Oslo.
        BrokerFacts morning = Facts.terms("morning", RecipientKind.BROKER, 0, 0, "Europe/Oslo", "Mon-Fri 08:00-12:00");
        BrokerFacts evening = Facts.terms("evening", RecipientKind.BROKER, 0, 0, "Europe/Oslo", "Wed 20:00-22:00");
        BrokerFacts hourly = Facts.terms("hourly", RecipientKind.BROKER, 1, 0, "Asia/Kolkata");
        BrokerFacts daily = Facts.terms("daily", RecipientKind.BROKER, 0, 1, "Europe/Oslo", "Mon-Fri 08:00-18:00");
        Load full = load(false, false, 1, 1);
        assertThat(until(Map.of(), morning)).contains(Instant.parse("2026-11-26T07:00:00Z"));
        assertThat(until(Map.of(), morning, evening)).contains(Instant.parse("2026-11-25T19:00:00Z"));
        assertThat(until(Map.of("hourly", full), hourly, evening)).contains(Instant.parse("2026-11-25T13:30:00Z"));
        // Free at midnight, and open at eight.
        assertThat(until(Map.of("daily", full), daily)).contains(Instant.parse("2026-11-26T07:00:00Z"));
        assertThat(until(Map.of("a", load(false, true, 0, 0)), Facts.broker("a"), evening))
                .isEmpty();
    }

    private static Optional<Instant> until(Map<String, Load> loads, BrokerFacts... brokers) {
        List<BrokerFacts> directory = List.of(brokers);
        Decision decision = Assigner.decide(
                Facts.input(
                        UUID.randomUUID(),
                        "NO",
                        Optional.empty(),
                        directory.stream().map(BrokerFacts::id).toList(),
                        Map.of(),
                        loads),
                directory);
        return ((Decision.Wait) decision).until();
    }

    @Test
    void nobody_is_waited_for_who_refused_or_whom_the_consent_does_not_list() {
        List<BrokerFacts> brokers = List.of(
                Facts.terms("refused", RecipientKind.BROKER, 0, 0, "Europe/Oslo", "Sat 10:00-12:00"),
                Facts.terms("unlisted", RecipientKind.BROKER, 0, 0, "Europe/Oslo", "Sat 10:00-12:00"));
        assertThat(Assigner.decide(
                        Facts.input(
                                UUID.randomUUID(),
                                "NO",
                                Optional.empty(),
                                List.of("refused"),
                                Map.of("refused", ExclusionReason.NOT_RECEIVED),
                                Map.of()),
                        brokers))
                .isEqualTo(new Decision.NoBroker(
                        UndeliverableReason.ALL_REFUSED,
                        List.of(
                                new Exclusion("refused", ExclusionReason.NOT_RECEIVED),
                                new Exclusion("unlisted", ExclusionReason.NOT_IN_CONSENT))));
    }

    private static Decision rectification(Map<String, ExclusionReason> passedOver, BrokerFacts... brokers) {
        return Assigner.decide(
                new RoutingInput(
                        UUID.randomUUID(),
                        Purpose.RECTIFICATION,
                        "SE",
                        Optional.of("pl"),
                        List.of("holder"),
                        passedOver,
                        Map.of("holder", load(true, true, 99, 99)),
                        Facts.NOW),
                List.of(brokers));
    }

    @Test
    void new_data_goes_to_its_holder_whatever_holds_for_signups_and_waits_for_one_that_is_not_there() {
        BrokerFacts holder = Facts.terms("holder", RecipientKind.BROKER, 1, 1, "UTC");
        assertThat(((Decision.Assign) rectification(Map.of(), Facts.broker("other"), holder)).broker())
                .isEqualTo(holder);
        assertThat(rectification(Map.of(), Facts.broker("other")))
                .isEqualTo(new Decision.Wait(
                        Optional.empty(), List.of(new Exclusion("other", ExclusionReason.NOT_IN_CONSENT))));
        assertThat(((Decision.NoBroker) rectification(Map.of("holder", ExclusionReason.REFUSED_BEFORE), holder))
                        .reason())
                .isEqualTo(UndeliverableReason.ALL_REFUSED);
    }

    @Test
    void a_broker_that_becomes_full_moves_only_the_signups_that_it_loses() {
        Random random = new Random(7);
        List<BrokerFacts> brokers = List.of(
                Facts.broker("a", 1, 2), Facts.terms("b", RecipientKind.BROKER, 10, 0, "UTC"), Facts.broker("c", 1, 3));
        for (int i = 0; i < 5_000; i++) {
            UUID id = Facts.uuid(random);
            String before = choice(id, Map.of("b", load(false, false, 9, 9)), brokers);
            String after = choice(id, Map.of("b", load(false, false, 10, 10)), brokers);
            assertThat(after).isNotEqualTo("b");
            assertThat(before).isIn(after, "b");
        }
    }

    private static String choice(UUID id, Map<String, Load> loads, List<BrokerFacts> brokers) {
        Decision decision = Assigner.decide(
                Facts.input(id, "NO", Optional.empty(), List.of("a", "b", "c"), Map.of(), loads), brokers);
        return ((Decision.Assign) decision).broker().id();
    }
}
