package org.brokerhandoff.audit.verify;

/** The rules as a table of docs/audit-rules.md. */
final class RuleTable {
    private RuleTable() {}

    /** Markdown, one row for each rule in the order in which reports list them; ends with a line break. */
    static String markdown() {
        StringBuilder table = new StringBuilder(
                "| rule | what has to be true | promise, article | judged from evidence | what it cannot see |\n");
        table.append("|---|---|---|---|---|\n");
        for (Rule rule : Rules.ALL) {
            RuleNotes.Note note = RuleNotes.of(rule);
            table.append("| `")
                    .append(rule.code())
                    .append("` | ")
                    .append(rule.sentence())
                    .append(" | ")
                    .append(orDash(note.basis()))
                    .append(EvidenceAudit.judges(rule) ? " | yes | " : " | no | ")
                    .append(orDash(note.unseen()))
                    .append(" |\n");
        }
        return table.toString();
    }

    private static String orDash(String text) {
        return text.isEmpty() ? "–" : text;
    }
}
