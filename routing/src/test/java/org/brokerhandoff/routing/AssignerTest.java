package org.brokerhandoff.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.brokerhandoff.event.BrokerStatus;
import org.brokerhandoff.event.Exclusion;
import org.brokerhandoff.event.ExclusionReason;
import org.brokerhandoff.event.Purpose;
import org.brokerhandoff.event.RecipientKind;
import org.brokerhandoff.event.UndeliverableReason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AssignerTest {
    private static final Map<String, String> EEA = Map.of("default", "EEA");

    private static Decision decide(UUID signupId, List<BrokerFacts> directory, String... recipients) {
        return Assigner.decide(
                Facts.input(signupId, "NO", Optional.of("nb"), List.of(recipients), Map.of(), Map.of()), directory);
    }

    private static String choice(UUID signupId, BrokerFacts... brokers) {
        String[] all = new String[brokers.length];
        for (int i = 0; i < all.length; i++) {
            all[i] = brokers[i].id();
        }
        return ((Decision.Assign) decide(signupId, List.of(brokers), all))
                .broker()
                .id();
    }

    @Test
    void the_same_input_gives_the_same_choice_in_whatever_order_the_brokers_stand() {
        Random random = new Random(1);
        List<BrokerFacts> brokers = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            brokers.add(Facts.broker("broker-" + i, 1, 1 + random.nextInt(5)));
        }
        for (int i = 0; i < 1_000; i++) {
            UUID signupId = Facts.uuid(random);
            String first = choice(signupId, brokers.toArray(BrokerFacts[]::new));
            Collections.shuffle(brokers, random);
            assertThat(choice(signupId, brokers.toArray(BrokerFacts[]::new))).isEqualTo(first);
        }
    }

    @Test
    void a_choice_once_made_is_made_for_ever() {
        // Computed with another implementation; an auditor's replay of last year's log must come to it as well.
        assertThat(choice(
                        UUID.fromString("01936d2e-0000-7000-8000-000000000001"),
                        Facts.broker("fjord-markets", 1, 3),
                        Facts.broker("nordlys-invest", 1, 2),
                        Facts.broker("tinde-kapital", 1, 1)))
                .isEqualTo("tinde-kapital");
        assertThat(choice(
                        UUID.fromString("01936d2e-0000-7000-8000-000000000003"),
                        Facts.broker("fjord-markets", 1, 3),
                        Facts.broker("nordlys-invest", 1, 2),
                        Facts.broker("tinde-kapital", 1, 1)))
                .isEqualTo("fjord-markets");
    }

    @Test
    void a_broker_that_comes_or_goes_moves_only_the_signups_it_gains_or_loses() {
        Random random = new Random(2);
        BrokerFacts a = Facts.broker("a", 1, 2);
        BrokerFacts b = Facts.broker("b", 1, 1);
        BrokerFacts c = Facts.broker("c", 1, 3);
        BrokerFacts added = Facts.broker("d", 1, 2);
        int moved = 0;
        for (int i = 0; i < 20_000; i++) {
            UUID signupId = Facts.uuid(random);
            String before = choice(signupId, a, b, c);
            String after = choice(signupId, a, b, c, added);
            if (!after.equals(before)) {
                assertThat(after).isEqualTo("d");
                moved++;
            }
        }
        assertThat(moved / 20_000.0).isCloseTo(2 / 8.0, within(0.02));
    }

    @Test
    void a_weight_that_grows_takes_from_others_and_gives_to_none() {
        Random random = new Random(3);
        for (int i = 0; i < 20_000; i++) {
            UUID signupId = Facts.uuid(random);
            String before = choice(signupId, Facts.broker("a", 1, 2), Facts.broker("b", 1, 3));
            String after = choice(signupId, Facts.broker("a", 1, 4), Facts.broker("b", 1, 3));
            assertThat(after).isIn(before, "a");
        }
    }

    @Test
    void shares_follow_the_weights_within_two_percent() {
        Random random = new Random(4);
        Map<String, Integer> weights = Map.of("a", 1, "b", 2, "c", 3, "d", 4);
        BrokerFacts[] brokers = weights.entrySet().stream()
                .map(entry -> Facts.broker(entry.getKey(), 1, entry.getValue()))
                .toArray(BrokerFacts[]::new);
        List<BrokerFacts> directory = List.of(brokers);
        Map<String, Integer> counts = new HashMap<>();
        int signups = 100_000;
        for (int i = 0; i < signups; i++) {
            Decision decision = decide(Facts.uuid(random), directory, "a", "b", "c", "d");
            counts.merge(((Decision.Assign) decision).broker().id(), 1, Integer::sum);
        }
        weights.forEach((id, weight) ->
                assertThat(counts.getOrDefault(id, 0) / (double) signups).isCloseTo(weight / 10.0, within(0.02)));
    }

    @Test
    void the_lowest_priority_number_wins_whatever_the_weights() {
        Random random = new Random(5);
        for (int i = 0; i < 1_000; i++) {
            assertThat(choice(Facts.uuid(random), Facts.broker("first", 1, 1), Facts.broker("second", 2, 1_000)))
                    .isEqualTo("first");
        }
    }

    @Test
    void canaries_go_to_brokers_under_test_and_people_go_nowhere_else_than_to_active_ones() {
        List<BrokerFacts> directory = List.of(
                Facts.broker("good"),
                Facts.broker("in-test", List.of("*"), List.of(), EEA, 0, 9, BrokerStatus.TEST),
                Facts.broker("canary-one", List.of("*"), List.of(), EEA, 0, 9, BrokerStatus.TEST),
                Facts.broker("canary-paused", List.of("*"), List.of(), EEA, 0, 9, BrokerStatus.PAUSED),
                Facts.broker("canary-live", List.of("*"), List.of(), EEA, 0, 9, BrokerStatus.ACTIVE));

        assertThat(assigned(decide(UUID.randomUUID(), directory, "canary-one"))).isEqualTo("canary-one");
        assertThat(assigned(decide(UUID.randomUUID(), directory, "canary-live", "canary-one", "canary-paused")))
                .isEqualTo("canary-one");
        assertThat(assigned(decide(UUID.randomUUID(), directory, "canary-one", "good", "canary-live")))
                .as("a person, whatever else the consent names")
                .isEqualTo("good");
        for (String[] nobody : List.of(
                new String[] {"canary-live"},
                new String[] {"canary-paused"},
                // A broker that was set to test while the signup was on its way.
                new String[] {"in-test"},
                new String[] {"canary-one", "in-test"},
                new String[] {"canary-one", "unknown"})) {
            assertThat(decide(UUID.randomUUID(), directory, nobody))
                    .as(String.join(", ", nobody))
                    .isInstanceOf(Decision.NoBroker.class);
        }
    }

    private static String assigned(Decision decision) {
        return ((Decision.Assign) decision).broker().id();
    }

    @ParameterizedTest
    @CsvSource({
        "not-listed,     NOT_IN_CONSENT",
        "paused,         PAUSED",
        "test,           PAUSED",
        "elsewhere,      COUNTRY_NOT_SERVED",
        "other-language, LANGUAGE_NOT_SERVED",
        "no-basis,       NO_TRANSFER_BASIS",
        "refused,        REFUSED_BEFORE",
    })
    void every_excluded_broker_has_its_reason(String id, ExclusionReason reason) {
        Decision decision = decideAll("refused");
        assertThat(((Decision.Assign) decision).exclusions()).contains(new Exclusion(id, reason));
        assertThat(((Decision.Assign) decision).broker().id()).isEqualTo("good");
    }

    @Test
    void every_broker_is_either_a_candidate_or_excluded() {
        Decision.Assign decision = (Decision.Assign) decideAll("refused");
        List<String> named = new ArrayList<>();
        decision.candidates().forEach(broker -> named.add(broker.id()));
        decision.exclusions().forEach(exclusion -> named.add(exclusion.getBroker()));
        assertThat(named)
                .containsExactlyInAnyOrder(
                        "good", "not-listed", "paused", "test", "elsewhere", "other-language", "no-basis", "refused");
    }

    @Test
    void no_candidate_is_told_apart_from_refusal_by_all() {
        List<BrokerFacts> directory = List.of(Facts.broker("a"));
        assertThat(decide(UUID.randomUUID(), directory))
                .isEqualTo(new Decision.NoBroker(
                        UndeliverableReason.NO_ELIGIBLE_BROKER,
                        List.of(new Exclusion("a", ExclusionReason.NOT_IN_CONSENT))));
        assertThat(Assigner.decide(
                        Facts.input(
                                UUID.randomUUID(),
                                "NO",
                                Optional.empty(),
                                List.of("a"),
                                Map.of("a", ExclusionReason.REFUSED_BEFORE),
                                Map.of()),
                        directory))
                .isEqualTo(new Decision.NoBroker(
                        UndeliverableReason.ALL_REFUSED, List.of(new Exclusion("a", ExclusionReason.REFUSED_BEFORE))));
    }

    @ParameterizedTest
    @CsvSource({"nb, true", "NB, true", "nb-NO, true", "en-GB, true", "sv, false", "n, false"})
    void a_language_is_spoken_if_its_primary_subtag_is(String language, boolean spoken) {
        BrokerFacts broker = Facts.broker("a", List.of("*"), List.of("nb", "EN"), EEA, 1, 1, BrokerStatus.ACTIVE);
        assertThat(broker.speaks(Optional.of(language))).isEqualTo(spoken);
        assertThat(broker.speaks(Optional.empty())).isTrue();
    }

    @Test
    void a_decision_is_made_for_any_input() {
        Random random = new Random(6);
        List<String> ids = List.of("a", "b", "c", "d", "e");
        for (int i = 0; i < 5_000; i++) {
            List<BrokerFacts> brokers = new ArrayList<>();
            for (String id : ids) {
                if (random.nextBoolean()) {
                    brokers.add(Facts.broker(
                            id,
                            random.nextBoolean() ? List.of("*") : List.of("SE"),
                            random.nextBoolean() ? List.of() : List.of("sv"),
                            random.nextBoolean() ? EEA : Map.of("SE", "EEA"),
                            random.nextInt(3),
                            1 + random.nextInt(1_000),
                            List.of(BrokerStatus.values()).get(random.nextInt(3))));
                }
            }
            Map<String, ExclusionReason> refused = random.nextBoolean()
                    ? Map.of()
                    : Map.of(ids.get(random.nextInt(5)), ExclusionReason.REFUSED_BEFORE);
            Decision decision = Assigner.decide(
                    Facts.input(
                            Facts.uuid(random),
                            "NO",
                            random.nextBoolean() ? Optional.empty() : Optional.of("nb"),
                            ids.subList(0, random.nextInt(6)),
                            refused,
                            Map.of()),
                    brokers);
            if (decision instanceof Decision.Assign assign) {
                assertThat(assign.candidates()).contains(assign.broker());
                assertThat(assign.candidates().size() + assign.exclusions().size())
                        .isEqualTo(brokers.size());
                assertThat(refused).doesNotContainKey(assign.broker().id());
            } else {
                assertThat(((Decision.NoBroker) decision).exclusions()).hasSize(brokers.size());
            }
        }
    }

    @Test
    void a_broker_whose_agreement_has_ended_is_excluded_for_good_from_that_moment_on() {
        UUID signup = UUID.randomUUID();
        for (long millis : new long[] {-1, 0, 1, 86_400_000}) {
            BrokerFacts broker = Facts.agreementEnds("ending", Facts.NOW.minusMillis(millis));
            Decision decision = decide(signup, List.of(broker, Facts.broker("other", 2, 1)), "ending", "other");
            assertThat(((Decision.Assign) decision).broker().id()).isEqualTo(millis < 0 ? "ending" : "other");
            Decision alone = decide(signup, List.of(broker), "ending");
            if (millis < 0) {
                assertThat(alone).isInstanceOf(Decision.Assign.class);
            } else {
                assertThat(alone)
                        .isEqualTo(new Decision.NoBroker(
                                UndeliverableReason.NO_ELIGIBLE_BROKER,
                                List.of(new Exclusion("ending", ExclusionReason.AGREEMENT_EXPIRED))));
            }
        }
    }

    @Test
    void a_message_goes_to_the_helpdesk_and_a_signup_to_a_broker_whatever_the_consent_lists() {
        List<BrokerFacts> brokers = List.of(
                Facts.broker("broker"),
                new BrokerFacts(
                        "helpdesk",
                        RecipientKind.HELPDESK,
                        BrokerStatus.ACTIVE,
                        Set.of("NO"),
                        List.of("nb"),
                        false,
                        Set.of("NO"),
                        1,
                        1,
                        OptionalInt.empty(),
                        OptionalInt.empty(),
                        ZoneOffset.UTC,
                        Optional.empty(),
                        false,
                        Set.of(),
                        Optional.empty()));
        for (Purpose purpose : List.of(Purpose.BROKER_HANDOFF, Purpose.HELPDESK)) {
            RoutingInput input = new RoutingInput(
                    UUID.randomUUID(),
                    purpose,
                    RoutingInput.UNKNOWN_COUNTRY,
                    Optional.of("pl"),
                    List.of("broker", "helpdesk"),
                    Map.of(),
                    Map.of(),
                    Facts.NOW);
            String to = purpose == Purpose.HELPDESK ? "helpdesk" : "broker";
            String not = purpose == Purpose.HELPDESK ? "broker" : "helpdesk";
            Decision decision = Assigner.decide(input, brokers);
            assertThat(((Decision.Assign) decision).broker().id()).isEqualTo(to);
            assertThat(decision.exclusions()).containsExactly(new Exclusion(not, ExclusionReason.OTHER_PURPOSE));
        }
    }

    private static Decision decideAll(String refused) {
        List<BrokerFacts> directory = List.of(
                Facts.broker("good"),
                Facts.broker("not-listed"),
                Facts.broker("refused"),
                Facts.broker("paused", List.of("*"), List.of(), EEA, 1, 1, BrokerStatus.PAUSED),
                Facts.broker("test", List.of("*"), List.of(), EEA, 1, 1, BrokerStatus.TEST),
                Facts.broker("elsewhere", List.of("SE"), List.of(), EEA, 1, 1, BrokerStatus.ACTIVE),
                Facts.broker("other-language", List.of("*"), List.of("sv"), EEA, 1, 1, BrokerStatus.ACTIVE),
                Facts.broker("no-basis", List.of("*"), List.of(), Map.of("SE", "SCC"), 1, 1, BrokerStatus.ACTIVE));
        return Assigner.decide(
                Facts.input(
                        UUID.randomUUID(),
                        "NO",
                        Optional.of("nb"),
                        List.of("good", "refused", "paused", "test", "elsewhere", "other-language", "no-basis"),
                        Map.of(refused, ExclusionReason.REFUSED_BEFORE),
                        Map.of()),
                directory);
    }
}
