package org.brokerhandoff.ingest.accept;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.brokerhandoff.country.AnswerTerms;
import org.brokerhandoff.country.CountryRule;
import org.brokerhandoff.country.CountryRules;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The age that a person confirms to have reached, where the country of residence requires one. */
class DeclaredAgeTest {
    private static final Instant NOW = Instant.parse("2026-11-29T12:00:00Z");
    private static final SignupTerms TERMS = new SignupTerms(
            ExtraMembers.ANY,
            new CountryRules(new TreeMap<>(Map.of(
                    "NO", new CountryRule(Optional.of(18), AnswerTerms.GDPR, Set.of()),
                    "DE", new CountryRule(Optional.empty(), AnswerTerms.GDPR, Set.of("fjord-markets"))))));

    private static ParsedSignup parse(String country, @Nullable String age) {
        byte[] body = ("{\"person\":{\"fullName\":\"Kari Nordmann\",\"email\":\"kari@example.no\",\"country\":\""
                        + country
                        + "\"},\"consent\":{\"policyVersion\":\"1\",\"purposes\":[\"broker-handoff\"],\"recipients\":[\"fjord-markets\"],"
                        + (age == null ? "" : "\"declaredAge\":" + age + ",")
                        + "\"givenAt\":\"2026-11-29T11:59:00Z\",\"method\":\"registration-form\"}}")
                .getBytes(StandardCharsets.UTF_8);
        return SignupParser.parse(body, body.length, NOW, TERMS);
    }

    private static List<String> codes(ParsedSignup parsed) {
        return parsed instanceof ParsedSignup.Invalid invalid
                ? invalid.faults().stream().map(Fault::code).toList()
                : List.of();
    }

    @ParameterizedTest
    @CsvSource({
        "NO, 18, 18",
        "NO, 21, 21",
        "NO, 30, 30",
        // Not required there: it is optional, and is recorded.
        "SE, , ",
        "SE, 16, 16",
        "SE, 1, 1",
        "DE, , ",
    })
    void it_is_taken_as_it_is_said(String country, String said, Integer recorded) {
        ParsedSignup parsed = parse(country, said);
        assertThat(parsed).isInstanceOf(ParsedSignup.Valid.class);
        assertThat(((ParsedSignup.Valid) parsed).signup().consent().declaredAge())
                .isEqualTo(Optional.ofNullable(recorded));
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "none",
            value = {
                "NO, none,       declared-age-required",
                "NO, 17,         declared-age-too-low",
                "NO, 1,          declared-age-too-low",
                "NO, 0,          declared-age-invalid",
                "NO, -18,        declared-age-invalid",
                // A person's own age must not enter the log.
                "NO, 31,         declared-age-invalid",
                "SE, 44,         declared-age-invalid",
                "NO, 2147483648, not-a-whole-number",
                "NO, 99999999999999999999999999, not-a-whole-number",
                "NO, 18.0,       not-a-whole-number",
                "NO, 18.5,       not-a-whole-number",
                "NO, 1.8e1,      not-a-whole-number",
                "NO, '\"18\"', not-a-whole-number",
                "NO, true,       not-a-whole-number",
                "NO, null,       not-a-whole-number",
                "NO, [18],       not-a-whole-number",
                "NO, {},         not-a-whole-number",
                "SE, '\"1982-04-01\"', not-a-whole-number",
            })
    void otherwise_it_is_refused_with_its_place_and_without_what_was_said(String country, String said, String code) {
        ParsedSignup parsed = parse(country, said);
        assertThat(codes(parsed)).containsExactly(code);
        Fault fault = ((ParsedSignup.Invalid) parsed).faults().get(0);
        assertThat(fault.pointer()).isEqualTo("/consent/declaredAge");
        assertThat(fault.detail()).doesNotContain("17", "44", "1982");
    }

    @Test
    void it_is_told_together_with_all_other_faults_and_not_where_the_country_is_not_known() {
        byte[] body = "{\"person\":{\"fullName\":\"Kari\",\"country\":\"NO\"},\"consent\":{}}"
                .getBytes(StandardCharsets.UTF_8);
        assertThat(((ParsedSignup.Invalid) SignupParser.parse(body, body.length, NOW, TERMS)).faults())
                .extracting(Fault::pointer)
                .contains("/person/email", "/consent/declaredAge", "/consent/method");
        assertThat(codes(parse("XX", null))).containsExactly("country-unknown");
    }
}
