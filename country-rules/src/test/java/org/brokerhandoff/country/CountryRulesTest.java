package org.brokerhandoff.country;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.Period;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.brokerhandoff.event.CountryRulesPublished;
import org.brokerhandoff.event.PublishedCountryRule;
import org.brokerhandoff.schemas.Decoded;
import org.brokerhandoff.schemas.EventCodec;
import org.brokerhandoff.schemas.EventId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CountryRulesTest {
    private static final EventCodec CODEC = new EventCodec();
    private static final Instant NOW = Instant.parse("2026-11-29T12:00:00Z");

    private static final CountryRules RULES = new CountryRules(new TreeMap<>(Map.of(
            "NO",
            new CountryRule(
                    Optional.of(18), new AnswerTerms(Period.ofDays(14), Period.ofMonths(1)), Set.of("b-two", "a-one")),
            "DE",
            new CountryRule(Optional.empty(), AnswerTerms.GDPR, Set.of("b-two")))));

    @Test
    void what_is_published_is_what_the_auditor_reads() {
        CountryRulesPublished event = RULES.published(NOW, CODEC);
        Decoded decoded = CODEC.decode(CODEC.encode(event));
        CountryRulesPublished read = (CountryRulesPublished) ((Decoded.Event) decoded).event();
        assertThat(CountryRules.of(read)).isEqualTo(RULES);
        assertThat(CountryRules.faults(read, CODEC)).isEmpty();
        assertThat(read.getRules()).extracting(PublishedCountryRule::getCountry).containsExactly("DE", "NO");
    }

    @Test
    void a_version_is_named_by_its_content_alone_and_is_an_event_of_its_own_when_it_comes_back() {
        CountryRulesPublished one = RULES.published(NOW, CODEC);
        CountryRulesPublished again = RULES.published(NOW.plusSeconds(60), CODEC);
        assertThat(again.getDigest()).isEqualTo(one.getDigest());
        assertThat(CountryRules.NONE.published(NOW, CODEC).getDigest()).isNotEqualTo(one.getDigest());
        assertThat(EventId.of(again)).isNotEqualTo(EventId.of(one));
    }

    @Test
    void a_country_without_a_rule_and_a_person_whose_country_is_not_known_have_the_GDPRs() {
        assertThat(RULES.of(Optional.of("SE"))).isEqualTo(CountryRule.GDPR);
        assertThat(RULES.of(Optional.empty())).isEqualTo(CountryRule.GDPR);
        assertThat(RULES.of(Optional.of("NO")).minimumAge()).contains(18);
        assertThat(RULES.countriesExcluding("b-two")).containsExactly("DE", "NO");
        assertThat(RULES.countriesExcluding("c-three")).isEmpty();
        assertThat(RULES.excludedRecipients()).containsExactly("a-one", "b-two");
    }

    @ParameterizedTest
    @CsvSource({", , true", ", 17, true", "18, , false", "18, 17, false", "18, 18, true", "18, 21, true"})
    void a_person_is_admitted_who_confirmed_the_age_or_more(Integer minimum, Integer declared, boolean admitted) {
        CountryRule rule = new CountryRule(Optional.ofNullable(minimum), AnswerTerms.GDPR, Set.of());
        assertThat(rule.admits(Optional.ofNullable(declared))).isEqualTo(admitted);
    }

    @Test
    void what_no_service_publishes_is_told_and_gives_no_more_time_than_the_GDPR() {
        CountryRulesPublished event = RULES.published(NOW, CODEC);
        for (int months : new int[] {Integer.MIN_VALUE, -1, 0, 2, Integer.MAX_VALUE}) {
            PublishedCountryRule forged = PublishedCountryRule.newBuilder(
                            event.getRules().get(1))
                    .setAnswerMonths(months)
                    .setAnswerDays(months)
                    .setExtensionMonths(months)
                    .build();
            CountryRulesPublished told = CountryRulesPublished.newBuilder(event)
                    .setRules(List.of(forged))
                    .build();
            assertThat(CountryRules.faults(told, CODEC))
                    .containsExactly("gives more time to answer people in NO than the GDPR");
            assertThat(CountryRules.of(told).of(Optional.of("NO")).answers()).isEqualTo(AnswerTerms.GDPR);
        }
        List<PublishedCountryRule> twice = new ArrayList<>(event.getRules());
        twice.addAll(event.getRules());
        assertThat(CountryRules.faults(
                        CountryRulesPublished.newBuilder(event).setRules(twice).build(), CODEC))
                .containsExactly("has two rules for DE", "has two rules for NO");
        CountryRulesPublished changed = CountryRulesPublished.newBuilder(event)
                .setRules(event.getRules().subList(0, 1))
                .build();
        assertThat(CountryRules.faults(changed, CODEC))
                .containsExactly("is named by a digest that is not that of its content");
    }
}
