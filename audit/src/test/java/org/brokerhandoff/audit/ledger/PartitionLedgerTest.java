package org.brokerhandoff.audit.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.brokerhandoff.audit.verify.LedgerFinding;
import org.brokerhandoff.audit.verify.LedgerFinding.About;
import org.brokerhandoff.ledger.entry.Leaf;
import org.brokerhandoff.ledger.entry.LedgerEntry;
import org.brokerhandoff.ledger.entry.LedgerEntry.IndexLine;
import org.brokerhandoff.ledger.entry.LedgerEntry.Segment;
import org.brokerhandoff.ledger.merkle.Hash;
import org.junit.jupiter.api.Test;

class PartitionLedgerTest {
    private final SmallLedger small = new SmallLedger();
    private final List<LedgerFinding> findings = new ArrayList<>();
    private Optional<List<Hash>> published = Optional.empty();

    PartitionLedgerTest() {
        small.entry(0, List.of(1, 2, 1), 0, List.of(1));
        small.entry(3, List.of(3), 1, List.of(2, 2));
        small.entry(4, List.of(1, 3), 3, List.of());
    }

    /** The findings if the topics have these leaves and the ledger was made of the original ones. */
    private List<String> found(UnaryOperator<List<Leaf>> change) {
        return found(small.entries, change);
    }

    private List<String> found(List<LedgerEntry> entries, UnaryOperator<List<Leaf>> change) {
        PartitionLedger partition = new PartitionLedger(0, segment -> published, ByteBuffer::allocate, findings::add);
        for (LedgerEntry entry : entries) {
            partition.begin(entry);
            for (Segment segment : entry.segments()) {
                change.apply(truth(segment)).forEach(partition::take);
                partition.end(segment);
            }
            partition.end(entry);
        }
        return findings.stream()
                .filter(finding -> finding.about() == About.RECORDS)
                .map(finding -> finding.place() + ": " + finding.sentence())
                .toList();
    }

    private static List<Leaf> truth(Segment segment) {
        List<Integer> signups = segment.topic().equals("consents") ? List.of(1, 2, 1, 3, 1, 3) : List.of(1, 2, 2);
        return Stream.iterate(segment.first(), offset -> offset < segment.end(), offset -> offset + 1)
                .map(offset -> SmallLedger.record(segment.topic(), offset, signups.get((int) (long) offset)))
                .toList();
    }

    private static UnaryOperator<List<Leaf>> at(String topic, long offset, Leaf other) {
        return leaves -> leaves.stream()
                .map(leaf -> leaf.place().equals(new Leaf.Place(topic, 0, offset)) ? other : leaf)
                .toList();
    }

    @Test
    void of_the_records_that_it_was_made_of_nothing_is_found() {
        assertThat(found(leaves -> leaves)).isEmpty();
    }

    @Test
    void a_record_that_is_another_one_is_found_once_with_its_segment_and_the_signups_in_it() {
        assertThat(found(at("consents", 1, SmallLedger.record("consents", 1, 9))))
                .singleElement()
                .asString()
                .startsWith("consents-0: the records at offsets 0 to 2 are not those that the ledger commits to")
                .contains(SmallLedger.id(1).toString(), SmallLedger.id(9).toString());
    }

    private static Leaf appended(long offset, Instant at) {
        Leaf.Present record = (Leaf.Present) SmallLedger.record("consents", offset, 3);
        return new Leaf.Present(record.place(), at, record.key(), record.headers(), record.value());
    }

    /** The findings about times. */
    private List<String> misdated(UnaryOperator<List<Leaf>> change) {
        found(change);
        return findings.stream()
                .filter(finding -> finding.about() == About.TIMES)
                .map(finding -> finding.place() + ": " + finding.sentence())
                .toList();
    }

    @Test
    void a_record_that_is_older_than_what_an_earlier_entry_called_settled_is_dated_back() {
        Instant settled = Instant.ofEpochMilli(small.entries.get(0).settledMillis());
        assertThat(misdated(at("consents", 3, appended(3, settled.minusSeconds(60)))))
                .as("within what clocks may differ")
                .isEmpty();
        assertThat(misdated(at("consents", 3, appended(3, settled.minusMillis(60_001)))))
                .singleElement()
                .asString()
                .startsWith("consents-0: dated-back: consents-0@3 ");
    }

    @Test
    void a_record_that_is_older_than_the_first_entry_called_settled_is_not_dated_back_in_that_entry() {
        assertThat(misdated(at("consents", 1, appended(1, Instant.EPOCH)))).isEmpty();
    }

    @Test
    void a_record_that_is_younger_than_its_entry_is_dated_ahead() {
        Instant made = Instant.ofEpochSecond(small.entries.get(1).timeSeconds());
        assertThat(misdated(at("consents", 3, appended(3, made.plusSeconds(60)))))
                .isEmpty();
        assertThat(misdated(at("consents", 3, appended(3, made.plusMillis(60_001)))))
                .singleElement()
                .asString()
                .startsWith("consents-0: dated-ahead: consents-0@3 ");
    }

    @Test
    void a_record_behind_the_newest_entry_is_dated_back_too() {
        PartitionLedger partition = new PartitionLedger(0, segment -> published, ByteBuffer::allocate, findings::add);
        LedgerEntry entry = small.entries.get(0);
        partition.begin(entry);
        for (Segment segment : entry.segments()) {
            truth(segment).forEach(partition::take);
            partition.end(segment);
        }
        partition.end(entry);
        Instant settled = Instant.ofEpochMilli(entry.settledMillis());
        partition.takeNotCommitted(appended(3, settled.minusSeconds(60)));
        assertThat(findings).isEmpty();
        partition.takeNotCommitted(appended(4, settled.minusMillis(60_001)));
        assertThat(findings).singleElement().extracting(LedgerFinding::about).isEqualTo(About.TIMES);
    }

    @Test
    void a_record_of_a_topic_without_index_is_found_too() {
        assertThat(found(at("places", 2, new Leaf.Nothing(new Leaf.Place("places", 0, 2)))))
                .singleElement()
                .asString()
                .startsWith("places-0: the records at offsets 1 to 2 ");
    }

    @Test
    void with_the_published_hashes_the_very_offset_is_named_unless_they_are_not_those_of_the_segment() {
        published = Optional.of(truth(small.entries.get(0).segments().get(0)).stream()
                .map(Leaf::hash)
                .toList());
        assertThat(found(at("consents", 1, SmallLedger.record("consents", 1, 9))))
                .singleElement()
                .asString()
                .contains("commits to, namely at 1;");

        findings.clear();
        published = Optional.of(List.of(Hash.ZERO, Hash.ZERO, Hash.ZERO));
        assertThat(found(at("consents", 1, SmallLedger.record("consents", 1, 9))))
                .singleElement()
                .asString()
                .doesNotContain("namely");
    }

    @Test
    void a_topic_that_ends_too_early_is_found() {
        assertThat(found(leaves -> leaves.get(0).place().topic().equals("consents")
                        ? leaves.stream()
                                .filter(leaf -> leaf.place().offset() < 5)
                                .toList()
                        : leaves))
                .singleElement()
                .asString()
                .startsWith("consents-0: entry commits to offsets 4 to 5, and the topic ends at 5");
    }

    @Test
    void an_index_from_which_an_event_was_left_out_is_found_at_its_entry_and_once() {
        List<LedgerEntry> forged = new ArrayList<>(small.entries);
        for (int number = 1; number < 3; number++) {
            LedgerEntry entry = forged.get(number);
            forged.set(
                    number,
                    new LedgerEntry(
                            entry.number(),
                            entry.prior(),
                            entry.timeSeconds(),
                            entry.settledMillis(),
                            entry.genesis(),
                            entry.topics(),
                            entry.keys(),
                            entry.segments(),
                            List.of(new IndexLine(
                                    0, 2, forged.get(0).indexes().get(0).root())),
                            entry.indexesRoot()));
        }
        assertThat(found(forged, leaves -> leaves))
                .singleElement()
                .asString()
                .startsWith("partition 0: entry 1 states an index that its records do not yield");
    }

    @Test
    void what_is_not_committed_to_is_counted_and_found_when_it_is_older_than_the_promise() {
        PartitionLedger partition =
                new PartitionLedger(0, PartitionLedger.PublishedLeaves.NONE, ByteBuffer::allocate, findings::add);
        partition.takeNotCommitted(SmallLedger.record("consents", 6, 1));
        partition.takeNotCommitted(SmallLedger.record("consents", 7, 1));
        partition.end("consents", SmallLedger.APPENDED.plusSeconds(6).plus(Duration.ofHours(24)), Duration.ofHours(24));
        assertThat(findings).isEmpty();
        assertThat(partition.notCommitted()).isEqualTo(2);

        partition.takeNotCommitted(SmallLedger.record("places", 3, 1));
        partition.end("places", SmallLedger.APPENDED.plusSeconds(4).plus(Duration.ofHours(24)), Duration.ofHours(24));
        assertThat(findings).singleElement().satisfies(finding -> {
            assertThat(finding.about()).isEqualTo(About.DELAY);
            assertThat(finding.place()).isEqualTo("places-0");
            assertThat(finding.sentence()).contains("2025-11-28T10:14:03Z", "PT24H");
        });
        assertThat(partition.notCommitted()).isEqualTo(3);
    }
}
