package org.brokerhandoff.audit.verify;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A verdict as people read it. */
final class VerdictText {
    private static final int MOST_PER_RULE = 20;
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
                violations.stream()
                        .limit(MOST_PER_RULE)
                        .forEach(violation -> text.append("  ")
                                .append(subject(violation))
                                .append("  ")
                                .append(violation.sentence())
                                .append('\n'));
                if (violations.size() > MOST_PER_RULE) {
                    text.append("  and ")
                            .append(grouped(violations.size() - MOST_PER_RULE))
                            .append(" more\n");
                }
            }
        }
        return text.toString();
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
