package org.brokerhandoff.audit.verify;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RulePageTest {
    private static final Path PAGE = Path.of("..", "docs", "audit-rules.md");

    /** By rule, the tests' tamperings with a log that this rule finds and names. */
    private static String tampering() {
        Map<String, Set<String>> byRule = new LinkedHashMap<>();
        Rules.ALL.stream()
                .filter(rule -> !LedgerRules.ALL.contains(rule))
                .forEach(rule -> byRule.put(rule.code(), new LinkedHashSet<>()));
        RulesTest.allBreaches()
                .forEach(breach -> byRule.computeIfAbsent((String) breach.get()[0], code -> new LinkedHashSet<>())
                        .add((String) breach.get()[1]));
        int kinds = byRule.values().stream().mapToInt(Set::size).sum();
        StringBuilder table =
                new StringBuilder("| found by | what was done to the log, " + kinds + " kinds |\n|---|---|\n");
        byRule.forEach((rule, done) -> table.append("| `")
                .append(rule)
                .append("` | ")
                .append(String.join("; ", done))
                .append(" |\n"));
        return table.toString();
    }

    @Test
    void the_page_shows_exactly_the_rules_of_the_code() throws IOException {
        isOnThePage("rules", RuleTable.markdown());
    }

    @Test
    void the_page_shows_exactly_the_tampering_of_the_tests() throws IOException {
        isOnThePage("tampering", tampering());
    }

    @Test
    void every_rule_says_what_it_rests_on() {
        assertThat(Rules.ALL)
                .allSatisfy(rule ->
                        assertThat(RuleNotes.of(rule).basis()).as(rule.code()).isNotEmpty());
    }

    private static void isOnThePage(String section, String expected) throws IOException {
        String begin = "<!-- " + section + ": generated from the code -->\n";
        String end = "<!-- end of " + section + " -->\n";
        String page = Files.readString(PAGE);
        assertThat(page).contains(begin, end);
        int from = page.indexOf(begin) + begin.length();
        if (Boolean.getBoolean("handoff.docs.write")) {
            page = page.substring(0, from) + expected + page.substring(page.indexOf(end));
            Files.writeString(PAGE, page);
        }
        assertThat(page.substring(from, page.indexOf(end)))
                .as("a table in docs/audit-rules.md; to rewrite it: "
                        + "mvn -pl audit -am test -Dtest=RulePageTest -Dsurefire.failIfNoSpecifiedTests=false"
                        + " -Dhandoff.docs.write=true")
                .isEqualTo(expected);
    }
}
