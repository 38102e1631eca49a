package org.brokerhandoff.audit.verify;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.brokerhandoff.schemas.Topic;

/** A verdict as text, for people. */
final class VerdictText {
    private static final int MOST_PER_RULE = 20;
    private static final int MOST_NAMED = 5;
    private static final Rule LAST_ON_THE_LOG_ITSELF = OrderRules.DATED_AHEAD;
    private static final String RESET = "\u001b[0m";

    private VerdictText() {}

    static String of(Verdict verdict, Verdict.Style style) {
        StringBuilder text = new StringBuilder();
        Verdict.Counts counts = verdict.counts();
        line(
                text,
                "read",
                number(counts.events(), "event") + " in " + number(counts.partitions(), "partition") + " of "
                        + "each kept topic, " + number(counts.repeats(), "repeat") + " among them");
        line(
                text,
                "published",
                policies(counts.policies()) + ", "
                        + (counts.directories() == 1 ? "1 directory" : grouped(counts.directories()) + " directories"));
        line(
                text,
                "signups",
                grouped(counts.accepted()) + " accepted, " + grouped(counts.delivered()) + " delivered, "
                        + grouped(counts.withdrawn()) + " withdrawn, " + grouped(counts.neverAccepted())
                        + " never accepted");
        line(
                text,
                "purged",
                counts.purged() == 0
                        ? "0"
                        : grouped(counts.purged()) + ": " + byKey(counts.purgedByLevel()) + "; "
                                + byKey(counts.purgedByReason()));
        if (counts.requests() > 0) {
            line(
                    text,
                    "requests",
                    grouped(counts.requests()) + ", " + grouped(counts.openRequests()) + " not answered yet");
        }
        if (!counts.canaries().isEmpty()) {
            line(
                    text,
                    "canaries",
                    grouped(counts.canaries().values().stream()
                                    .mapToLong(Long::longValue)
                                    .sum()) + ": " + byKey(counts.canaries()));
        }
        List<UUID> restricted = verdict.restrictedWithoutRequest();
        if (!restricted.isEmpty()) {
            line(
                    text,
                    "restricted",
                    " " + grouped(restricted.size()) + " without a request that says why: "
                            + restricted.stream()
                                    .limit(MOST_PER_RULE)
                                    .map(UUID::toString)
                                    .collect(Collectors.joining(" "))
                            + (restricted.size() > MOST_PER_RULE
                                    ? " and " + grouped(restricted.size() - MOST_PER_RULE) + " more"
                                    : ""));
        }
        line(text, "open", grouped(counts.open()) + " at " + verdict.now());
        verdict.read().ifPresent(read -> log(text, read));
        text.append('\n');
        if (verdict.holds()) {
            text.append(coloured(style, "32", "ok"))
                    .append("  all ")
                    .append(Rules.ALL.size())
                    .append(" rules hold\n");
        }
        for (Rule rule : Rules.ALL) {
            List<Violation> violations = verdict.violations().stream()
                    .filter(violation -> violation.rule().equals(rule.code()))
                    .toList();
            if (!violations.isEmpty()) {
                text.append(coloured(style, "31", "BROKEN  " + rule.code()))
                        .append("  ")
                        .append(rule.sentence())
                        .append('\n');
                List<Finding> findings = findings(violations);
                findings.stream()
                        .limit(MOST_PER_RULE)
                        .forEach(finding ->
                                text.append("  ").append(finding.line()).append('\n'));
                if (findings.size() > MOST_PER_RULE) {
                    text.append("  and ")
                            .append(grouped(findings.size() - MOST_PER_RULE))
                            .append(" more\n");
                }
                long unlisted = verdict.unlisted().getOrDefault(rule.code(), 0L);
                if (unlisted > 0) {
                    text.append("  and ").append(grouped(unlisted)).append(" that were only counted\n");
                }
            }
            if (rule.equals(LAST_ON_THE_LOG_ITSELF) && brokenUpTo(rule, verdict)) {
                text.append(
                        "        The violations below may be consequences: rules are judged by the records that exist and can be read.\n");
            }
        }
        return text.toString();
    }

    /** Groups equal violations of a rule over any number of signups: one missing policy is one fault. */
    private record Finding(String sentence, List<Violation> violations) {
        String line() {
            String subjects = violations.stream()
                    .limit(MOST_NAMED)
                    .map(VerdictText::subject)
                    .collect(Collectors.joining(", "));
            return subjects
                    + (violations.size() > MOST_NAMED
                            ? " and " + grouped(violations.size() - MOST_NAMED) + " more"
                            : "")
                    + "  " + sentence;
        }
    }

    /** The largest groups first. */
    private static List<Finding> findings(List<Violation> violations) {
        Map<String, List<Violation>> bySentence = violations.stream()
                .collect(Collectors.groupingBy(Violation::sentence, LinkedHashMap::new, Collectors.toList()));
        return bySentence.entrySet().stream()
                .map(same -> new Finding(same.getKey(), same.getValue()))
                .sorted(Comparator.comparing(
                        (Finding finding) -> -finding.violations().size()))
                .toList();
    }

    private static boolean brokenUpTo(Rule last, Verdict verdict) {
        Set<String> broken = verdict.brokenRules();
        List<Rule> before = Rules.ALL.subList(0, Rules.ALL.indexOf(last) + 1);
        return before.stream().anyMatch(rule -> broken.contains(rule.code()))
                && broken.size()
                        > before.stream()
                                .filter(rule -> broken.contains(rule.code()))
                                .count();
    }

    private static void log(StringBuilder text, LogRead read) {
        line(
                text,
                "log",
                "cluster " + read.clusterId()
                        + (read.topicPrefix().isEmpty() ? "" : ", topics " + read.topicPrefix() + "*"));
        Topic.inLedger()
                .forEach(topic -> line(
                        text,
                        "",
                        topic.baseName() + " up to "
                                + read.ends(topic).stream().map(String::valueOf).collect(Collectors.joining(" "))));
        line(text, "digest", read.digest());
        line(text, "ledger", read.ledger().map(LedgerRead::line).orElse("none: nothing commits to these records"));
        read.ledger()
                .filter(ledger -> ledger.notYetCommitted() > 0)
                .ifPresent(ledger -> line(text, "", "not yet committed: " + grouped(ledger.notYetCommitted())));
        line(text, "read by", "broker handoff " + read.version());
    }

    private static String subject(Violation violation) {
        String subject = Stream.of(violation.signupId().map(Object::toString), violation.place())
                .flatMap(part -> part.stream())
                .collect(Collectors.joining("  "));
        return subject.isEmpty() ? "-" : subject;
    }

    private static void line(StringBuilder text, String name, String value) {
        text.append(String.format(Locale.ROOT, "%-10s%s", name, value)).append('\n');
    }

    private static String policies(long count) {
        return count == 1 ? "1 policy" : grouped(count) + " policies";
    }

    private static String number(long count, String noun) {
        return grouped(count) + " " + noun + (count == 1 ? "" : "s");
    }

    private static String grouped(long count) {
        return String.format(Locale.ROOT, "%,d", count);
    }

    private static <K extends Enum<K>> String byKey(Map<K, Long> counts) {
        return counts.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(entry -> grouped(entry.getValue()) + " " + entry.getKey())
                .collect(Collectors.joining(", "));
    }

    private static String coloured(Verdict.Style style, String colour, String text) {
        return style == Verdict.Style.COLOURED ? "\u001b[1;" + colour + "m" + text + RESET : text;
    }
}
