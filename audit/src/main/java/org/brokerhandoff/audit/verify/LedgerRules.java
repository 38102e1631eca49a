package org.brokerhandoff.audit.verify;

import java.util.List;
import org.brokerhandoff.audit.verify.LedgerFinding.About;

/** Rules on the ledger, if there is one: that it is consistent, and matches the records. */
final class LedgerRules {
    static final Rule CHAIN = of(
            "ledger-consistent",
            "Every entry of the ledger continues its predecessors, and every checkpoint covers its entries.",
            About.CHAIN);

    static final Rule SIGNATURE = of(
            "ledger-signed",
            "The newest checkpoint is signed, and witnessed, as the auditor's policy requires.",
            About.SIGNATURE);

    static final Rule RECORDS = of(
            "ledger-recomputed",
            "At every entry, the records are those that the ledger commits to, and its indexes are those that the records yield.",
            About.RECORDS);

    static final Rule TIMES = of(
            "ledger-dated",
            "No record is older than the time that an earlier ledger entry declared settled, or younger than the entry that commits to it.",
            About.TIMES);

    static final Rule DELAY =
            of("ledger-in-time", "Every record is committed to within the promised time.", About.DELAY);

    static final List<Rule> ALL = List.of(CHAIN, SIGNATURE, RECORDS, TIMES, DELAY);

    private LedgerRules() {}

    private static Rule of(String code, String sentence, About about) {
        return Rule.ofLedger(
                code, sentence, finding -> finding.about() == about ? List.of(finding.sentence()) : List.of());
    }
}
