package org.brokerhandoff.audit.verify;

import static org.assertj.core.api.Assertions.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;
import static org.brokerhandoff.audit.Life.FJORD;
import static org.brokerhandoff.audit.Life.NORDLYS;
import static org.brokerhandoff.audit.verify.HistoriesUnderTerms.message;
import static org.brokerhandoff.audit.verify.SampleHistories.HOUR_BEFORE;
import static org.brokerhandoff.audit.verify.SampleHistories.LIFE;
import static org.brokerhandoff.audit.verify.SampleHistories.RECEIVED;
import static org.brokerhandoff.audit.verify.SampleHistories.SOON;
import static org.brokerhandoff.audit.verify.SampleHistories.TWO_HOURS_BEFORE;
import static org.brokerhandoff.audit.verify.SampleHistories.breach;
import static org.brokerhandoff.audit.verify.SampleHistories.delivered;
import static org.brokerhandoff.audit.verify.SampleHistories.deliveredToTheSecond;
import static org.brokerhandoff.audit.verify.SampleHistories.foundByItsRuleOnly;
import static org.brokerhandoff.audit.verify.SampleRequests.ACCESS;
import static org.brokerhandoff.audit.verify.SampleRequests.OBJECTION;
import static org.brokerhandoff.audit.verify.SampleRequests.broken;

import java.time.Duration;
import java.time.Instant;
import java.time.Period;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificRecord;
import org.brokerhandoff.audit.Life;
import org.brokerhandoff.audit.Records;
import org.brokerhandoff.audit.replay.Directories;
import org.brokerhandoff.country.AnswerTerms;
import org.brokerhandoff.country.CountryRule;
import org.brokerhandoff.country.CountryRules;
import org.brokerhandoff.event.Assigned;
import org.brokerhandoff.event.ConsentGranted;
import org.brokerhandoff.event.CountryRulesPublished;
import org.brokerhandoff.event.HoldingFound;
import org.brokerhandoff.event.PublishedCountryRule;
import org.brokerhandoff.event.RightsRequested;
import org.brokerhandoff.schemas.CloudEventHeaders;
import org.brokerhandoff.schemas.Digests;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Rules that depend on the country of residence: violations, and permitted cases. */
class ResidenceRulesTest {
    private static final Duration TOLERANCE = Directories.TOLERANCE;

    private static CountryRulesPublished rules(Instant at, String country, CountryRule rule) {
        return new CountryRules(new TreeMap<>(Map.of(country, rule))).published(at, Life.CODEC);
    }

    private static CountryRulesPublished none(Instant at) {
        return CountryRules.NONE.published(at, Life.CODEC);
    }

    private static CountryRule age(int years) {
        return new CountryRule(Optional.of(years), AnswerTerms.GDPR, Set.of());
    }

    private static CountryRule excluding(String broker) {
        return new CountryRule(Optional.empty(), AnswerTerms.GDPR, Set.of(broker));
    }

    private static CountryRule terms(Period within, Period extension) {
        return new CountryRule(Optional.empty(), new AnswerTerms(within, extension), Set.of());
    }

    /** A signup that was delivered; its consent declares this age. */
    private static History declaring(@Nullable Integer years, CountryRulesPublished... versions) {
        return delivered()
                .write(versions)
                .change(
                        ConsentGranted.class,
                        e -> ConsentGranted.newBuilder(e).setDeclaredAge(years).build());
    }

    private static History in(String country, History history) {
        return history.change(
                        ConsentGranted.class,
                        e -> ConsentGranted.newBuilder(e)
                                .setJurisdiction(country)
                                .build())
                .change(
                        Assigned.class,
                        e -> Assigned.newBuilder(e).setCountry(country).build());
    }

    static Stream<Arguments> breaches() {
        CountryRulesPublished asked = rules(HOUR_BEFORE, "NO", age(18));
        return Stream.of(
                breach("age-declared", "no age is declared", declaring(null, asked)),
                breach("age-declared", "one that is too low", declaring(17, asked)),
                breach(
                        "age-declared",
                        "one that was high enough under the previous version",
                        declaring(16, rules(TWO_HOURS_BEFORE, "NO", age(16)), asked)),
                breach(
                        "age-declared",
                        "the rule is older than services take to adopt it one after the other",
                        declaring(null, rules(RECEIVED.minus(TOLERANCE), "NO", age(18)))),
                breach(
                        "age-declared",
                        "the rule was withdrawn long afterwards",
                        declaring(null, asked, none(RECEIVED.plus(TOLERANCE).plusMillis(1)))),
                breach(
                        "age-declared",
                        "a version that was restored",
                        declaring(
                                null,
                                asked,
                                none(HOUR_BEFORE.plusSeconds(60)),
                                rules(HOUR_BEFORE.plusSeconds(600), "NO", age(18)))),
                breach(
                        "recipient-not-excluded",
                        "the broker that was assigned",
                        delivered().write(rules(HOUR_BEFORE, "NO", excluding(FJORD)))),
                breach(
                        "recipient-not-excluded",
                        "the broker that was assigned after a refusal",
                        deliveredToTheSecond().write(rules(HOUR_BEFORE, "NO", excluding(NORDLYS)))),
                breach(
                        "recipient-not-excluded",
                        "by a rule that was withdrawn before, then restored",
                        delivered().write(none(TWO_HOURS_BEFORE), rules(HOUR_BEFORE, "NO", excluding(FJORD)))),
                breach(
                        "country-rules-published",
                        "another digest than that of the content",
                        delivered()
                                .write(CountryRulesPublished.newBuilder(none(HOUR_BEFORE))
                                        .setDigest(Digests.sha256("another"))
                                        .build())),
                breach(
                        "country-rules-published",
                        "more time than the GDPR allows",
                        delivered().write(inMonths(3))));
    }

    private static CountryRulesPublished inMonths(int months) {
        CountryRulesPublished event = rules(HOUR_BEFORE, "NO", terms(Period.ofDays(14), Period.ZERO));
        return CountryRulesPublished.newBuilder(event)
                .setRules(
                        List.of(PublishedCountryRule.newBuilder(event.getRules().get(0))
                                .setAnswerDays(0)
                                .setAnswerMonths(months)
                                .build()))
                .build();
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("breaches")
    void a_breach_is_found_by_its_rule_only(String rule, String what, History history) {
        foundByItsRuleOnly(rule, history);
    }

    @Test
    void a_breach_is_said_with_what_was_found() {
        assertThat(sentences(declaring(17, rules(HOUR_BEFORE, "NO", age(18)))))
                .containsExactly("received at 2026-11-22T13:00:00Z from NO, its consent declares only an age of 17");
        assertThat(sentences(declaring(null, rules(HOUR_BEFORE, "NO", age(18)))))
                .containsExactly("received at 2026-11-22T13:00:00Z from NO, its consent declares no age");
        assertThat(sentences(delivered().write(rules(HOUR_BEFORE, "NO", excluding(FJORD)))))
                .containsExactly(
                        "fjord-markets was assigned at 2026-11-22T13:00:00.010Z, and the rules of NO exclude it");
        assertThat(sentences(delivered().write(inMonths(3))))
                .singleElement(as(STRING))
                .startsWith("the version ")
                .endsWith(" of the rules per country gives more time to answer people in NO than the GDPR");
    }

    private static List<String> sentences(History history) {
        return history.verdict(SOON.plus(Duration.ofDays(2)), false).violations().stream()
                .map(Violation::sentence)
                .toList();
    }

    static Stream<Arguments> inOrder() {
        CountryRulesPublished asked = rules(HOUR_BEFORE, "NO", age(18));
        Instant within = RECEIVED.minus(TOLERANCE).plusMillis(1);
        return Stream.of(
                Arguments.of("the age that is asked for", declaring(18, asked)),
                Arguments.of("a higher one", declaring(21, asked)),
                Arguments.of(
                        "rules that ingest published",
                        declaring(18, asked)
                                .tamper(
                                        CountryRulesPublished.class,
                                        record -> Records.header(
                                                record, CloudEventHeaders.SOURCE, Optional.of("/handoff/ingest")))),
                Arguments.of("none, where none is asked for", in("SE", declaring(null, asked))),
                Arguments.of("none, before there were rules", declaring(null)),
                Arguments.of(
                        "none, while the first version is taken up", declaring(null, rules(within, "NO", age(18)))),
                Arguments.of("a rule of afterwards", declaring(null, rules(RECEIVED.plusSeconds(1), "NO", age(18)))),
                Arguments.of(
                        "a higher age that is being taken up",
                        declaring(16, rules(HOUR_BEFORE, "NO", age(16)), rules(within, "NO", age(18)))),
                Arguments.of(
                        "a rule that was taken back in time",
                        declaring(null, asked, none(HOUR_BEFORE.plusSeconds(60)))),
                Arguments.of("a rule that is being taken back", declaring(null, asked, none(RECEIVED.plus(TOLERANCE)))),
                Arguments.of(
                        "an exclusion in another country",
                        delivered().write(rules(HOUR_BEFORE, "SE", excluding(FJORD)))),
                Arguments.of(
                        "an exclusion of another broker",
                        delivered().write(rules(HOUR_BEFORE, "NO", excluding(NORDLYS)))),
                Arguments.of(
                        "an exclusion after the decision",
                        delivered().write(rules(RECEIVED.plusMillis(11), "NO", excluding(FJORD)))),
                Arguments.of(
                        "a message, whose writer was not asked for a country",
                        message()
                                .write(rules(
                                        HOUR_BEFORE,
                                        "NO",
                                        new CountryRule(
                                                Optional.of(18), AnswerTerms.GDPR, Set.of(FJORD, "helpdesk"))))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("inOrder")
    void what_was_right_by_a_version_that_may_have_been_in_force_is_no_breach(String what, History history) {
        assertThat(history.verdict(SOON.plus(Duration.ofDays(2)), false).violations())
                .isEmpty();
    }

    private static List<String> due(CountryRule rule, Instant published, Instant due, SpecificRecord... more) {
        List<SpecificRecord> events = new ArrayList<>(List.of(
                rules(published, "NO", rule),
                LIFE.granted(),
                RightsRequested.newBuilder(ACCESS.requested(0, null, null))
                        .setDueAt(due)
                        .build()));
        events.addAll(List.of(more));
        return broken(SOON, events.toArray(SpecificRecord[]::new));
    }

    @Test
    void a_request_is_due_by_the_terms_of_the_country_and_not_later() {
        CountryRule fortnight = terms(Period.ofDays(14), Period.ofDays(7));
        Instant due = RECEIVED.plus(Duration.ofDays(14));
        assertThat(due(fortnight, HOUR_BEFORE, due)).isEmpty();
        assertThat(due(fortnight, HOUR_BEFORE, due.minusSeconds(9))).isEmpty();
        assertThat(due(fortnight, HOUR_BEFORE, due.plusMillis(1))).containsExactly("request-due");
        Instant month = RECEIVED.atOffset(ZoneOffset.UTC).plusMonths(1).toInstant();
        assertThat(due(fortnight, HOUR_BEFORE, month)).containsExactly("request-due");
        assertThat(due(fortnight, RECEIVED.minus(TOLERANCE).plusMillis(1), month))
                .as("a version that is being taken up")
                .isEmpty();
        assertThat(due(fortnight, RECEIVED.plus(Duration.ofDays(1)), month))
                .as("a version of afterwards")
                .isEmpty();
        assertThat(due(terms(Period.ofDays(31), Period.ZERO), HOUR_BEFORE, month.plusMillis(1)))
                .containsExactly("request-due");
    }

    @Test
    void an_extension_goes_by_the_terms_of_when_it_is_made() {
        CountryRule fortnight = terms(Period.ofDays(14), Period.ofDays(7));
        Instant due = RECEIVED.plus(Duration.ofDays(14));
        Instant extended = RECEIVED.plus(Duration.ofDays(21));
        assertThat(due(fortnight, HOUR_BEFORE, due, ACCESS.extended(9, extended)))
                .isEmpty();
        assertThat(due(fortnight, HOUR_BEFORE, due, ACCESS.extended(9, extended.plusMillis(1))))
                .containsExactly("request-due");
        CountryRule longer = terms(Period.ofDays(14), Period.ofMonths(1));
        Instant dayAfter = RECEIVED.plus(Duration.ofDays(1));
        long later = Duration.ofDays(2).toMillis();
        assertThat(due(
                        fortnight,
                        HOUR_BEFORE,
                        due,
                        rules(dayAfter, "NO", longer),
                        ACCESS.extended(later, longer.answers().extendedDueAt(RECEIVED))))
                .isEmpty();
    }

    @Test
    void an_extension_beyond_the_countrys_terms_gives_no_time_to_answer() {
        Instant due = RECEIVED.plus(Duration.ofDays(14));
        List<SpecificRecord> events = List.of(
                rules(HOUR_BEFORE, "NO", terms(Period.ofDays(14), Period.ZERO)),
                LIFE.granted(),
                RightsRequested.newBuilder(OBJECTION.requested(5, HoldingFound.HELD, 0))
                        .setDueAt(due)
                        .build(),
                OBJECTION.extended(9, RECEIVED.plus(Duration.ofDays(60))),
                OBJECTION.refused(Duration.ofDays(30).toMillis()));
        assertThat(broken(RECEIVED.plus(Duration.ofDays(40)), events.toArray(SpecificRecord[]::new)))
                .containsExactlyInAnyOrder("request-due", "request-answered");
    }

    @Test
    void a_message_has_the_time_of_the_GDPR() {
        assertThat(broken(
                        SOON,
                        rules(HOUR_BEFORE, "NO", terms(Period.ofDays(1), Period.ZERO)),
                        LIFE.contact("helpdesk"),
                        ACCESS.requested(0, null, null)))
                .isEmpty();
    }
}
