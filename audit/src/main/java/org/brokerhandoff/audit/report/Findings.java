package org.brokerhandoff.audit.report;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.brokerhandoff.audit.authority.Wording;
import org.brokerhandoff.audit.verify.Rule;
import org.brokerhandoff.audit.verify.Rules;
import org.brokerhandoff.audit.verify.Verdict;
import org.brokerhandoff.audit.verify.Violation;
import org.brokerhandoff.pages.Blocks;
import org.brokerhandoff.pages.Element;

/** The violated rules, each with its violations. */
final class Findings {
    private static final int MOST_PER_RULE = 25;

    private final Verdict verdict;
    private final Wording words;

    Findings(Verdict verdict, Wording words) {
        this.verdict = verdict;
        this.words = words;
    }

    /** Empty if every rule holds. */
    Optional<Element> section() {
        if (verdict.holds()) {
            return Optional.empty();
        }
        Map<String, List<Violation>> byRule =
                verdict.violations().stream().collect(Collectors.groupingBy(Violation::rule));
        Element section = Element.of("section")
                .with("id", "findings")
                .add(
                        Element.of("h2", words.of("report.findings")),
                        Element.of("p", words.of("report.findings.what")).as("note"));
        for (Rule rule : Rules.ALL) {
            List<Violation> violations = byRule.getOrDefault(rule.code(), List.of());
            if (!violations.isEmpty()) {
                section.add(
                        Element.of("h3").with("id", "rule-" + rule.code()).add(Blocks.code(rule.code())),
                        // The rules' sentences are in English, as in the log of an audit.
                        Element.of("p", rule.sentence()).with("lang", "en"),
                        table(rule, violations));
                long more = violations.size() - (long) MOST_PER_RULE;
                if (more > 0) {
                    section.add(
                            Element.of("p", words.counted("report.more", more)).as("note"));
                }
            }
        }
        return Optional.of(section);
    }

    private Element table(Rule rule, List<Violation> violations) {
        return Blocks.table(
                words.of("report.findings") + ": " + rule.code(),
                List.of(words.of("signup"), words.of("report.findings.place"), words.of("report.findings.sentence")),
                violations.stream()
                        .limit(MOST_PER_RULE)
                        .map(violation -> List.of(
                                violation
                                        .signupId()
                                        .map(id -> Blocks.code(id.toString()).as("id"))
                                        .orElseGet(() -> Blocks.text("–")),
                                violation.place().map(Blocks::code).orElseGet(() -> Blocks.text("–")),
                                Blocks.text(violation.sentence()).as("words").with("lang", "en")))
                        .toList());
    }
}
