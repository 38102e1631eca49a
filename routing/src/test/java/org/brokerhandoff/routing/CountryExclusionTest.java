package org.brokerhandoff.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import org.brokerhandoff.event.BrokerStatus;
import org.brokerhandoff.event.Exclusion;
import org.brokerhandoff.event.ExclusionReason;
import org.brokerhandoff.event.Purpose;
import org.brokerhandoff.event.RecipientKind;
import org.brokerhandoff.event.UndeliverableReason;
import org.junit.jupiter.api.Test;

/** What the rules of a country of residence exclude. */
class CountryExclusionTest {
    private static final Exclusion EXCLUDED = new Exclusion("a", ExclusionReason.EXCLUDED_IN_COUNTRY);

    private static Decision decide(String country, BrokerFacts... brokers) {
        return Assigner.decide(
                Facts.input(UUID.randomUUID(), country, Optional.of("nb"), List.of("a", "b"), Map.of(), Map.of()),
                List.of(brokers));
    }

    @Test
    void a_broker_that_the_country_excludes_gets_nothing_from_there_and_what_it_gets_from_elsewhere_stays() {
        BrokerFacts excluded = Facts.excludedIn(Facts.broker("a", 1, 1), "NO", "SE");
        Decision.Assign other = (Decision.Assign) decide("NO", excluded, Facts.broker("b", 2, 1));
        assertThat(other.broker().id()).isEqualTo("b");
        assertThat(other.exclusions()).containsExactly(EXCLUDED);
        Decision.Assign elsewhere = (Decision.Assign) decide("DK", excluded, Facts.broker("b", 2, 1));
        assertThat(elsewhere.broker().id()).isEqualTo("a");
    }

    @Test
    void a_signup_whose_recipients_are_all_excluded_waits_for_none_of_them() {
        // It is closed, too: that would be worth waiting for.
        BrokerFacts closed =
                Facts.excludedIn(Facts.terms("a", RecipientKind.BROKER, 0, 0, "Europe/Oslo", "Sat 10:00-12:00"), "NO");
        assertThat(decide("NO", closed))
                .isEqualTo(new Decision.NoBroker(UndeliverableReason.NO_ELIGIBLE_BROKER, List.of(EXCLUDED)));
    }

    @Test
    void what_excludes_a_broker_for_other_reasons_is_named_in_the_order_of_the_rules() {
        BrokerFacts elsewhere = Facts.excludedIn(
                Facts.broker("a", List.of("SE"), List.of(), Map.of("default", "EEA"), 1, 1, BrokerStatus.ACTIVE), "NO");
        BrokerFacts paused = Facts.excludedIn(
                Facts.broker("a", List.of("*"), List.of(), Map.of("default", "EEA"), 1, 1, BrokerStatus.PAUSED), "NO");
        BrokerFacts otherLanguage = Facts.excludedIn(
                Facts.broker("a", List.of("*"), List.of("sv"), Map.of("SE", "SCC"), 1, 1, BrokerStatus.ACTIVE), "NO");
        assertThat(decide("NO", elsewhere).exclusions())
                .containsExactly(new Exclusion("a", ExclusionReason.COUNTRY_NOT_SERVED));
        assertThat(decide("NO", paused).exclusions()).containsExactly(new Exclusion("a", ExclusionReason.PAUSED));
        assertThat(decide("NO", otherLanguage).exclusions()).containsExactly(EXCLUDED);
    }

    @Test
    void a_message_whose_writer_was_not_asked_for_a_country_reaches_the_helpdesk() {
        BrokerFacts helpdesk = Facts.excludedIn(
                Facts.terms("a", RecipientKind.HELPDESK, 0, 0, "UTC"), "NO", RoutingInput.UNKNOWN_COUNTRY);
        RoutingInput input = new RoutingInput(
                UUID.randomUUID(),
                Purpose.HELPDESK,
                RoutingInput.UNKNOWN_COUNTRY,
                Optional.empty(),
                List.of("a"),
                Map.of(),
                Map.of(),
                Instant.EPOCH);
        assertThat(Assigner.decide(input, List.of(helpdesk))).isInstanceOf(Decision.Assign.class);
    }

    @Test
    void new_data_of_a_rectification_reaches_the_broker_that_has_the_old_though_the_country_excludes_it_now() {
        RoutingInput input = new RoutingInput(
                UUID.randomUUID(),
                Purpose.RECTIFICATION,
                "NO",
                Optional.empty(),
                List.of("a"),
                Map.of(),
                Map.of(),
                Instant.EPOCH);
        Decision decision = Assigner.decide(input, List.of(Facts.excludedIn(Facts.broker("a", 1, 1), "NO")));
        assertThat(((Decision.Assign) decision).broker().id()).isEqualTo("a");
    }

    /** Whatever the directory and the consent: no excluded broker is chosen or waited for, and the others' chances do not change. */
    @Test
    void excluding_a_broker_is_as_if_the_consent_did_not_list_it() {
        Random random = new Random(20);
        for (int round = 0; round < 20_000; round++) {
            List<BrokerFacts> brokers = new ArrayList<>();
            List<String> recipients = new ArrayList<>();
            List<String> without = new ArrayList<>();
            for (int i = 0; i < 1 + random.nextInt(5); i++) {
                String id = "broker-" + i;
                BrokerFacts broker = Facts.broker(id, 1 + random.nextInt(2), 1 + random.nextInt(4));
                boolean listed = random.nextInt(4) > 0;
                boolean excluded = random.nextInt(3) == 0;
                brokers.add(excluded ? Facts.excludedIn(broker, "NO") : Facts.excludedIn(broker, "SE"));
                if (listed) {
                    recipients.add(id);
                }
                if (listed && !excluded) {
                    without.add(id);
                }
            }
            UUID signup = Facts.uuid(random);
            Decision decision = Assigner.decide(
                    Facts.input(signup, "NO", Optional.empty(), recipients, Map.of(), Map.of()), brokers);
            Decision same =
                    Assigner.decide(Facts.input(signup, "NO", Optional.empty(), without, Map.of(), Map.of()), brokers);
            assertThat(decision.getClass()).isEqualTo(same.getClass());
            if (decision instanceof Decision.Assign assign) {
                assertThat(assign.broker()).isEqualTo(((Decision.Assign) same).broker());
                assertThat(assign.candidates()).isEqualTo(((Decision.Assign) same).candidates());
            }
            brokers.stream()
                    .filter(broker -> broker.excludedIn().contains("NO"))
                    .forEach(broker -> assertThat(decision.exclusions())
                            .contains(new Exclusion(
                                    broker.id(),
                                    recipients.contains(broker.id())
                                            ? ExclusionReason.EXCLUDED_IN_COUNTRY
                                            : ExclusionReason.NOT_IN_CONSENT)));
        }
    }
}
