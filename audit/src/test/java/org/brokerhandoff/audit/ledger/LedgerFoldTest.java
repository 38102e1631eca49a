package org.brokerhandoff.audit.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.brokerhandoff.audit.verify.LedgerFinding;
import org.brokerhandoff.audit.verify.LedgerFinding.About;
import org.brokerhandoff.eventlog.LedgerTopic.Statement;
import org.brokerhandoff.ledger.entry.LedgerEntry;
import org.brokerhandoff.ledger.merkle.Hash;
import org.brokerhandoff.ledger.merkle.MerkleTree;
import org.brokerhandoff.ledger.note.Checkpoint;
import org.junit.jupiter.api.Test;

class LedgerFoldTest {
    private final SmallLedger small = new SmallLedger();
    private final List<LedgerFinding> findings = new ArrayList<>();
    private final LedgerFold fold = new LedgerFold(SmallLedger.ORIGIN, 0, findings::add);

    LedgerFoldTest() {
        small.entry(0, List.of(1, 2, 1), 0, List.of(1));
        small.entry(3, List.of(3), 1, List.of(2, 2));
        small.entry(4, List.of(1, 3), 3, List.of());
    }

    private Optional<LedgerEntry> take(LedgerEntry entry) {
        return fold.take(new Statement.Entry(
                SmallLedger.ORIGIN, entry.number(), new String(entry.bytes(), StandardCharsets.UTF_8)));
    }

    private Hash root(int size) {
        return MerkleTree.root(
                small.entries.subList(0, size).stream().map(LedgerEntry::hash).toList());
    }

    /** A checkpoint as a builder publishes it; signatures are not verified here. */
    private void checkpoint(int size, Hash root) {
        byte[] signature = new byte[68];
        var unused = fold.take(new Statement.Checkpoint(
                SmallLedger.ORIGIN,
                size,
                SmallLedger.ORIGIN + "\n" + size + "\n" + root + "\n\n— " + SmallLedger.ORIGIN + " "
                        + Base64.getEncoder().encodeToString(signature) + "\n"));
    }

    @Test
    void entries_that_continue_each_other_and_checkpoints_of_them_are_a_ledger() {
        small.entries.forEach(entry -> assertThat(take(entry)).contains(entry));
        checkpoint(1, root(1));
        checkpoint(3, root(3));
        checkpoint(2, root(2));
        fold.end();
        assertThat(findings).isEmpty();
        assertThat(fold.size()).isEqualTo(3);
        assertThat(fold.newestSize()).isEqualTo(3);
        assertThat(fold.newest()).isPresent();
    }

    @Test
    void a_second_entry_of_a_number_and_what_is_no_entry_are_void() {
        assertThat(take(small.entries.get(0))).isPresent();
        assertThat(take(small.entries.get(0))).isEmpty();
        assertThat(take(small.entries.get(2))).isEmpty();
        assertThat(fold.take(new Statement.Entry(SmallLedger.ORIGIN, 1, "handoff-ledger-entry/v1\n")))
                .isEmpty();
        assertThat(take(small.entries.get(1))).isPresent();
        assertThat(findings).isEmpty();
    }

    @Test
    void an_entry_that_leaves_records_out_is_found_and_nothing_behind_it_counts() {
        LedgerEntry next = small.entries.get(1);
        LedgerEntry gap = new LedgerEntry(
                next.number(),
                next.prior(),
                next.timeSeconds(),
                next.settledMillis(),
                next.genesis(),
                next.topics(),
                next.keys(),
                List.of(new LedgerEntry.Segment(
                        "consents", 0, 4, 1, next.segments().get(0).root())),
                next.indexes(),
                next.indexesRoot());
        assertThat(take(small.entries.get(0))).isPresent();
        assertThat(take(gap)).isEmpty();
        assertThat(take(small.entries.get(1))).isEmpty();
        assertThat(findings).singleElement().satisfies(finding -> {
            assertThat(finding.about()).isEqualTo(About.CHAIN);
            assertThat(finding.sentence()).contains("entry 1", "starts at 4");
        });
    }

    @Test
    void a_checkpoint_with_another_root_is_found_and_one_of_more_entries_than_there_are() {
        small.entries.forEach(entry -> assertThat(take(entry)).isPresent());
        checkpoint(2, root(1));
        assertThat(findings).hasSize(1);
        checkpoint(4, root(1));
        assertThat(findings).hasSize(1);
        fold.end();
        assertThat(findings).hasSize(2);
        assertThat(findings.get(1).sentence()).contains("size 4", "3 entries");
        assertThat(fold.newest()).isEmpty();
    }

    @Test
    void a_checkpoint_that_stands_before_its_last_entry_is_of_it_nevertheless() {
        checkpoint(1, root(1));
        assertThat(take(small.entries.get(0))).isPresent();
        fold.end();
        assertThat(findings).isEmpty();
    }

    @Test
    void a_checkpoint_from_before_is_contained_or_is_the_proof_that_the_ledger_is_another_one() {
        small.entries.forEach(entry -> assertThat(take(entry)).isPresent());
        assertThat(fold.contains(new Checkpoint(SmallLedger.ORIGIN, 2, root(2))))
                .isTrue();
        assertThat(findings).isEmpty();
        assertThat(fold.contains(new Checkpoint(SmallLedger.ORIGIN, 2, root(1))))
                .isFalse();
        assertThat(fold.contains(new Checkpoint(SmallLedger.ORIGIN, 4, root(3))))
                .isFalse();
        assertThat(fold.contains(new Checkpoint("other.example.org/ledger/1", 2, root(2))))
                .isFalse();
        assertThat(findings).hasSize(3);
    }
}
