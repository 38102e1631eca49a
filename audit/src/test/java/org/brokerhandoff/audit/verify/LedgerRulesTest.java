package org.brokerhandoff.audit.verify;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.brokerhandoff.audit.Life;
import org.brokerhandoff.audit.replay.PlaceBook;
import org.brokerhandoff.audit.verify.LedgerFinding.About;
import org.brokerhandoff.schemas.HoldTimes;
import org.junit.jupiter.api.Test;

class LedgerRulesTest {
    private static final Instant NOW = Instant.parse("2026-11-29T12:00:00Z");

    private static Verdict verdict(Optional<LedgerRead> ledger, LedgerFinding... findings) {
        try (LogAudit audit = new LogAudit(Installation.unnamed(1), NOW, Life.CODEC, InMemory::new)) {
            Arrays.stream(findings).forEach(audit::add);
            audit.beginJudging(false, HoldTimes.LONGEST_HOLD);
            audit.judge(0);
            return audit.verdict(Optional.of(new LogRead("cluster", "", "1", List.of(), ledger)));
        }
    }

    @Test
    void every_kind_of_finding_breaks_a_rule_of_its_own_and_is_told_with_its_place() {
        List<String> broken = Arrays.stream(About.values())
                .map(about -> verdict(Optional.empty(), new LedgerFinding(about, "consents-3", "not so")))
                .peek(verdict -> assertThat(verdict.violations())
                        .singleElement()
                        .satisfies(violation -> {
                            assertThat(violation.place()).contains("consents-3");
                            assertThat(violation.sentence()).isEqualTo("not so");
                        }))
                .flatMap(verdict -> verdict.brokenRules().stream())
                .toList();
        assertThat(broken)
                .containsExactlyInAnyOrder(
                        "ledger-consistent", "ledger-signed", "ledger-recomputed", "ledger-dated", "ledger-in-time");
    }

    @Test
    void a_verdict_says_which_ledger_it_is_about_and_how_far_that_goes() {
        LedgerRead ledger = new LedgerRead(
                "handoff.example.org/prod/ledger/1",
                12,
                11,
                "signed by the log alone, NOT WITNESSED",
                Optional.of(7L),
                5,
                3);
        Verdict verdict = verdict(Optional.of(ledger));
        assertThat(verdict.render(Verdict.Style.PLAIN))
                .contains(
                        "ledger    checkpoint 11 of handoff.example.org/prod/ledger/1: signed by the log alone, NOT WITNESSED,"
                                + " recomputed behind size 5, up to which this auditor has already verified it; contains the earlier checkpoint of size 7\n",
                        "not yet committed: 3\n");
        assertThat(verdict.json()).contains("\"notYetCommitted\" : 3", "\"checkpoint\" : 11", "\"since\" : 7");
        assertThat(verdict(Optional.empty()).render(Verdict.Style.PLAIN))
                .contains("ledger    none: nothing commits to these records");
    }

    @Test
    void of_a_rule_that_many_break_the_first_ones_are_listed_and_the_others_counted() {
        Tally tally = new Tally();
        Tally other = new Tally();
        for (int i = 0; i < Verdict.MOST_LISTED; i++) {
            tally.violation(PurgeRules.ONCE, new UUID(7, i), "twice");
            other.violation(PurgeRules.ONCE, new UUID(8, i), "twice");
        }
        other.violation(PurgeRules.REASON, new UUID(8, 1), "another");
        tally.add(other);
        Scope scope = new Scope(1, Publications.of(List.of(), Life.CODEC), new PlaceBook(), NOW, false);
        Verdict verdict = tally.verdict(scope, Optional.empty());

        assertThat(verdict.violations()).hasSize(Verdict.MOST_LISTED + 1);
        assertThat(verdict.unlisted()).containsExactly(Map.entry("purged-once", 10_000L));
        assertThat(verdict.render(Verdict.Style.PLAIN)).contains("and 10,000 that were only counted");
        assertThat(verdict.json()).contains("\"purged-once\" : 10000");
    }
}
