package org.brokerhandoff.country.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Period;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.brokerhandoff.country.AnswerTerms;
import org.brokerhandoff.country.CountryRule;
import org.brokerhandoff.country.CountryRules;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CountryRulesParserTest {
    private static ParsedCountryRules parse(String yaml) {
        return CountryRulesParser.parse(yaml.getBytes(StandardCharsets.UTF_8));
    }

    private static CountryRules valid(String yaml) {
        ParsedCountryRules parsed = parse(yaml);
        assertThat(parsed).isInstanceOf(ParsedCountryRules.Valid.class);
        return ((ParsedCountryRules.Valid) parsed).rules();
    }

    private static List<CountryRulesProblem> problems(String yaml) {
        ParsedCountryRules parsed = parse(yaml);
        assertThat(parsed).isInstanceOf(ParsedCountryRules.Invalid.class);
        return ((ParsedCountryRules.Invalid) parsed).problems();
    }

    /** A file in which Norway has this one member. */
    private static String norway(String member) {
        return "countries:\n  NO:\n    " + member + "\n";
    }

    @Test
    void the_example_of_the_docs_says_what_it_seems_to() throws IOException {
        String page = Files.readString(Path.of("..", "docs", "countries.md"));
        String example = page.substring(page.indexOf("```yaml\n") + 8, page.indexOf("```\n\n| member"));
        CountryRules rules = valid(example);
        assertThat(rules.byCountry().keySet()).containsExactly("CH", "DE", "NO");
        assertThat(rules.of(Optional.of("NO")))
                .isEqualTo(new CountryRule(
                        Optional.of(18), new AnswerTerms(Period.ofDays(14), Period.ofMonths(1)), Set.of()));
        assertThat(rules.of(Optional.of("DE")))
                .isEqualTo(new CountryRule(Optional.of(16), AnswerTerms.GDPR, Set.of("nordlys-invest")));
        assertThat(rules.of(Optional.of("CH")).excludedRecipients()).hasSize(2);
        assertThat(rules.of(Optional.of("SE"))).isEqualTo(CountryRule.GDPR);
    }

    @Test
    void a_file_may_have_no_country() {
        assertThat(valid("countries: {}\n")).isEqualTo(CountryRules.NONE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "minimumAge: 1", "minimumAge: 30", "answerWithin: P1M", "answerWithin: P1D", "answerWithin: P31D",
                "answerWithin: P4W", "extension: P0D", "extension: P2M", "extension: P62D", "extension: P8W",
                "excludedRecipients: [a]",
            })
    void the_bounds_are_allowed(String member) {
        assertThat(valid(norway(member)).byCountry()).containsOnlyKeys("NO");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "minimumAge: 0            | minimumAge | must be a whole number of years from 1 to 30 | 0",
                "minimumAge: 31           | minimumAge | must be a whole number of years from 1 to 30 | 31",
                "minimumAge: -18          | minimumAge | must be a whole number of years from 1 to 30 | -18",
                "minimumAge: 18.5         | minimumAge | must be a whole number of years from 1 to 30 | 18.5",
                "minimumAge: '18'         | minimumAge | must be a whole number of years from 1 to 30 | 18",
                "minimumAge: 4294967314   | minimumAge | must be a whole number of years from 1 to 30 | 4294967314",
                "minimumAge: [18]         | minimumAge | must be a whole number of years from 1 to 30 | a list of 1",
                "minimumAge: {}           | minimumAge | must be a whole number of years from 1 to 30 | an empty object",
                "minimumAge: kari@example.no | minimumAge | must be a whole number of years from 1 to 30 | another text",
                "answerWithin: P32D       | answerWithin | must be at most a month: P1M, P1W to P4W, or P1D to P31D | P32D",
                "answerWithin: P5W        | answerWithin | must be at most a month: P1M, P1W to P4W, or P1D to P31D | P5W",
                "answerWithin: P2M        | answerWithin | must be at most a month: P1M, P1W to P4W, or P1D to P31D | P2M",
                "answerWithin: P0D        | answerWithin | must be at most a month: P1M, P1W to P4W, or P1D to P31D | P0D",
                "answerWithin: P-1D       | answerWithin | must be at most a month: P1M, P1W to P4W, or P1D to P31D | P-1D",
                "answerWithin: P1M1D      | answerWithin | must be at most a month: P1M, P1W to P4W, or P1D to P31D | P1M1D",
                "answerWithin: PT24H      | answerWithin | must be at most a month: P1M, P1W to P4W, or P1D to P31D | PT24H",
                "answerWithin: p14d       | answerWithin | must be at most a month: P1M, P1W to P4W, or P1D to P31D | p14d",
                "answerWithin: 14         | answerWithin | must be at most a month: P1M, P1W to P4W, or P1D to P31D | 14",
                "extension: P3M           | extension | must be at most two months: P1M, P2M, P1W to P8W, P1D to P62D, or P0D for none | P3M",
                "extension: P63D          | extension | must be at most two months: P1M, P2M, P1W to P8W, P1D to P62D, or P0D for none | P63D",
                "extension: true          | extension | must be at most two months: P1M, P2M, P1W to P8W, P1D to P62D, or P0D for none | true",
                "excludedRecipients: []   | excludedRecipients | must be a list of 1 to 50 broker ids | a list of 0",
                "excludedRecipients: a    | excludedRecipients | must be a list of 1 to 50 broker ids | a",
                "excludedRecipients: [A]  | excludedRecipients/0 | must be a broker id: 1 to 64 of a-z, 0-9 and hyphen | A",
                "excludedRecipients: [a, 7] | excludedRecipients/1 | must be a broker id: 1 to 64 of a-z, 0-9 and hyphen | 7",
                "excludedRecipients: [a, b, a] | excludedRecipients/2 | must not be listed twice | a",
                "minimumage: 18           | minimumage | is not a member here; the members are answerWithin, excludedRecipients, extension, minimumAge | it",
            })
    void each_fault_is_told_with_its_line_place_rule_and_what_was_found(
            String member, String place, String rule, String found) {
        assertThat(problems(norway(member)))
                .containsExactly(new CountryRulesProblem(3, "/countries/NO/" + place, rule, found));
    }

    @Test
    void more_recipients_than_a_consent_may_list_are_too_many() {
        StringBuilder ids = new StringBuilder("a-0");
        for (int i = 1; i < 50; i++) {
            ids.append(", a-").append(i);
        }
        assertThat(valid(norway("excludedRecipients: [" + ids + "]")).excludedRecipients())
                .hasSize(50);
        ids.append(", a-50");
        assertThat(problems(norway("excludedRecipients: [" + ids + "]")))
                .singleElement()
                .extracting(CountryRulesProblem::found)
                .isEqualTo("a list of 51");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "countries: {XX: {minimumAge: 18}}    | /countries/XX | must be an ISO 3166-1 alpha-2 code | XX",
                "countries: {no: {minimumAge: 18}}    | /countries/no | must be an ISO 3166-1 alpha-2 code | no",
                "countries: {NOR: {minimumAge: 18}}   | /countries/NOR | must be an ISO 3166-1 alpha-2 code | NOR",
                "countries: {\"*\": {minimumAge: 18}} | /countries/* | must be an ISO 3166-1 alpha-2 code | *",
                "countries: {NO: {}}                  | /countries/NO | must be an object with at least one of answerWithin, excludedRecipients, extension, minimumAge | an empty object",
                "countries: {NO: 18}                  | /countries/NO | must be an object with at least one of answerWithin, excludedRecipients, extension, minimumAge | 18",
                "countries: [NO]                      | /countries | must be an object of rules by country | a list of 1",
                "country: {}                          | /country | is not a member here; the members are countries | it",
            })
    void so_is_what_is_wrong_around_the_members(String yaml, String place, String rule, String found) {
        assertThat(problems(yaml + "\n")).contains(new CountryRulesProblem(1, place, rule, found));
    }

    @Test
    void all_problems_are_told_together_in_the_order_of_the_file() {
        assertThat(problems("""
                countries:
                  NO:
                    minimumAge: 99
                    answerWithin: P2M
                  XX:
                    excludedRecipients: [A]
                  NO:
                    minimumAge: 18
                """)).extracting(CountryRulesProblem::line).containsExactly(3, 4, 6, 6, 7);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "# nothing",
                "countries:",
                "countries: &a {}",
                "countries: {NO: {minimumAge: 018}}",
                "\t",
                "- NO"
            })
    void what_is_no_plain_YAML_or_has_no_countries_is_refused(String yaml) {
        assertThat(problems(yaml)).isNotEmpty();
    }

    @Test
    void a_file_that_is_not_there_or_not_valid_ends_a_start_with_all_its_problems(@TempDir Path directory)
            throws IOException {
        Path file = directory.resolve("countries.yaml");
        assertThatThrownBy(() -> CountryRulesFile.read(file))
                .isInstanceOf(InvalidCountryRules.class)
                .hasMessageContaining("must be a readable file");
        Files.writeString(file, norway("minimumAge: 99") + "  DE: {extension: P1Y}\n");
        assertThatThrownBy(() -> CountryRulesFile.read(file))
                .isInstanceOf(InvalidCountryRules.class)
                .hasMessageContaining("line 3, /countries/NO/minimumAge")
                .hasMessageContaining("line 4, /countries/DE/extension");
    }
}
