package org.brokerhandoff.ledger.replay;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.brokerhandoff.ledger.entry.Leaf;
import org.brokerhandoff.ledger.entry.LedgerEntry;
import org.brokerhandoff.ledger.entry.LedgerEntry.Genesis;
import org.brokerhandoff.ledger.entry.LedgerEntry.TopicLine;
import org.brokerhandoff.ledger.index.History;
import org.brokerhandoff.ledger.index.PrefixIndex;
import org.brokerhandoff.ledger.merkle.Hash;
import org.brokerhandoff.ledger.replay.IndexedLedger.Heading;
import org.brokerhandoff.ledger.replay.IndexedLedger.Mismatch;
import org.junit.jupiter.api.Test;

class IndexedLedgerTest {
    private static final List<TopicLine> TOPICS =
            List.of(new TopicLine("consents", "c", true), new TopicLine("places", "p", false));

    private static LeafDigest leaf(String topic, int partition, long offset, int key) {
        return LeafDigest.of(new Leaf.Present(
                new Leaf.Place(topic, partition, offset),
                Instant.ofEpochMilli(1_764_324_894_000L),
                key < 0 ? Optional.empty() : Optional.of(("key " + key).getBytes(StandardCharsets.UTF_8)),
                List.of(),
                Optional.of(new byte[] {(byte) offset})));
    }

    private static Run run(String topic, int partition, long first, int... keys) {
        List<LeafDigest> leaves = new ArrayList<>();
        for (int key : keys) {
            leaves.add(leaf(topic, partition, first + leaves.size(), key));
        }
        return new Run(topic, partition, first, leaves);
    }

    private static Heading heading(IndexedLedger ledger) {
        boolean first = ledger.chain().size() == 0;
        return new Heading(
                1_764_324_900,
                1_764_324_894_000L,
                first
                        ? Optional.of(new Genesis("example.org/ledger/1", "cluster", 2, Optional.empty()))
                        : Optional.empty(),
                first ? TOPICS : List.of(),
                first ? List.of("example.org/ledger/1+00000000+AA==") : List.of());
    }

    private static LedgerEntry written(IndexedLedger ledger, List<Run> runs) {
        LedgerEntry entry = ledger.draft(heading(ledger), runs);
        ledger.commit();
        return entry;
    }

    @Test
    void what_one_builder_writes_another_adopts_and_both_are_the_same_ledger() {
        IndexedLedger writer = new IndexedLedger();
        IndexedLedger reader = new IndexedLedger();
        List<List<Run>> rounds = List.of(
                List.of(run("consents", 0, 0, 1, 2, 1), run("consents", 1, 0, 7), run("places", 1, 0, 9)),
                List.of(),
                List.of(run("consents", 0, 3, 2, -1, 3), run("places", 1, 1, 9)));
        for (List<Run> runs : rounds) {
            assertThat(reader.adopt(written(writer, runs), runs)).isEmpty();
        }
        assertThat(reader.chain().root()).isEqualTo(writer.chain().root());
        assertThat(reader.entryHashes()).isEqualTo(writer.entryHashes()).hasSize(3);
        assertThat(reader.chain().indexes().get(0).keys()).isEqualTo(3);
        assertThat(reader.chain().indexes().get(1).keys())
                .as("places are not indexed")
                .isEqualTo(1);
    }

    @Test
    void a_drafted_entry_that_is_dropped_leaves_nothing_behind() {
        IndexedLedger ledger = new IndexedLedger();
        IndexedLedger straight = new IndexedLedger();
        Random random = new Random(5);
        long offset = 0;
        for (int round = 0; round < 60; round++) {
            int[] lost = random.ints(random.nextInt(20), 0, 40).toArray();
            if (lost.length > 0 || round == 0) {
                ledger.draft(heading(ledger), lost.length == 0 ? List.of() : List.of(run("consents", 0, offset, lost)));
                ledger.drop();
            }
            int[] kept = random.ints(1 + random.nextInt(20), 0, 40).toArray();
            List<Run> runs = List.of(run("consents", 0, offset, kept));
            assertThat(written(ledger, runs)).isEqualTo(written(straight, runs));
            offset += kept.length;
        }
        Hash path = History.path("key 3".getBytes(StandardCharsets.UTF_8));
        assertThat(ledger.prove(0, path)).isEqualTo(straight.prove(0, path));
    }

    @Test
    void an_index_goes_back_to_its_mark_also_after_its_root_was_asked_for_in_between() {
        Random random = new Random(11);
        for (int size = 0; size < 60; size++) {
            PrefixIndex index = new PrefixIndex();
            PrefixIndex straight = new PrefixIndex();
            for (int i = 0; i < size; i++) {
                Hash path = Hash.sha256(new byte[] {(byte) random.nextInt(50)});
                index.append(path, Hash.sha256(new byte[] {(byte) i}));
                straight.append(path, Hash.sha256(new byte[] {(byte) i}));
            }
            index.mark();
            for (int i = 0; i < 1 + size; i++) {
                index.append(Hash.sha256(new byte[] {(byte) random.nextInt(200)}), Hash.ZERO);
                if (i % 3 == 0) {
                    index.root();
                }
            }
            index.undo();
            assertThat(index.root()).isEqualTo(straight.root());
            assertThat(index.keys()).isEqualTo(straight.keys());
            Hash more = Hash.sha256(new byte[] {99});
            index.append(more, Hash.ZERO);
            straight.append(more, Hash.ZERO);
            assertThat(index.root()).isEqualTo(straight.root());
        }
    }

    @Test
    void a_changed_leaf_is_found_and_its_segment_named_and_nothing_is_adopted() {
        IndexedLedger writer = new IndexedLedger();
        IndexedLedger reader = new IndexedLedger();
        List<Run> runs = List.of(run("consents", 0, 0, 1, 2), run("places", 0, 0, 4, 5));
        LedgerEntry entry = written(writer, runs);
        List<Run> changed = List.of(runs.get(0), run("places", 0, 0, 4, 6));
        assertThat(reader.adopt(entry, changed))
                .contains(new Mismatch.Segment(entry.segments().get(1)));
        assertThat(reader.chain().size()).isZero();
        assertThat(reader.adopt(entry, runs)).isEmpty();
    }

    @Test
    void an_index_that_omits_a_leaf_and_an_entry_that_does_not_continue_are_refused() {
        IndexedLedger writer = new IndexedLedger();
        IndexedLedger liar = new IndexedLedger();
        List<Run> runs = List.of(run("consents", 0, 0, 1, 2));
        LedgerEntry honest = writer.draft(heading(writer), runs);
        // The same segment, and an index without its second leaf.
        LedgerEntry omitting = liar.draft(heading(liar), List.of(run("consents", 0, 0, 1)));
        LedgerEntry forged = new LedgerEntry(
                0,
                honest.prior(),
                honest.timeSeconds(),
                honest.settledMillis(),
                honest.genesis(),
                honest.topics(),
                honest.keys(),
                honest.segments(),
                omitting.indexes(),
                omitting.indexesRoot());
        IndexedLedger reader = new IndexedLedger();
        assertThat(reader.adopt(forged, runs))
                .contains(new Mismatch.Index(omitting.indexes().get(0)));
        writer.commit();
        LedgerEntry second = written(writer, List.of(run("consents", 0, 2, 1)));
        assertThat(reader.adopt(second, List.of()))
                .hasValueSatisfying(mismatch -> assertThat(mismatch).isInstanceOf(Mismatch.Broken.class));
    }
}
