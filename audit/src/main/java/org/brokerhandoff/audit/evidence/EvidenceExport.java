package org.brokerhandoff.audit.evidence;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.brokerhandoff.eventlog.EventPartitions;
import org.brokerhandoff.eventlog.KafkaClients;
import org.brokerhandoff.eventlog.LeafReader;
import org.brokerhandoff.eventlog.LeafReader.Extent;
import org.brokerhandoff.eventlog.LeafReader.Place;
import org.brokerhandoff.eventlog.LedgerTopic;
import org.brokerhandoff.eventlog.LogChanged;
import org.brokerhandoff.ledger.entry.Leaf;
import org.brokerhandoff.ledger.entry.LedgerEntry;
import org.brokerhandoff.ledger.entry.LedgerEntry.IndexLine;
import org.brokerhandoff.ledger.entry.LedgerEntry.Segment;
import org.brokerhandoff.ledger.evidence.EvidenceAssembly;
import org.brokerhandoff.ledger.evidence.EvidenceAssembly.Located;
import org.brokerhandoff.ledger.evidence.EvidenceBundle;
import org.brokerhandoff.ledger.index.History;
import org.brokerhandoff.ledger.index.PrefixIndex;
import org.brokerhandoff.ledger.merkle.Hash;
import org.brokerhandoff.ledger.replay.LeafDigest;
import org.brokerhandoff.ledger.replay.Run;
import org.brokerhandoff.schemas.EventCodec;
import org.brokerhandoff.schemas.SignupIds;
import org.brokerhandoff.schemas.Topic;

/**
 * Makes the evidence of one signup from Kafka alone. The signup's partition is read from its first record and its index is computed anew,
 * so a ledger that says anything else of this partition, in any entry, yields no evidence but the place where it differs.
 */
public final class EvidenceExport {
    private final SignedLedger ledger;
    private final byte[] key;
    private final int partition;
    private final PrefixIndex index = new PrefixIndex();
    private final List<Located> events = new ArrayList<>();
    private Map<Place, Extent> ends = Map.of();

    private EvidenceExport(SignedLedger ledger, UUID signupId) {
        this.ledger = ledger;
        this.key = SignupIds.bytes(signupId);
        this.partition = EventPartitions.of(signupId, ledger.partitions());
    }

    /**
     * The evidence of {@code signupId} as of the newest checkpoint; for an unknown one, that there is no event.
     *
     * @throws NoEvidence if there is no ledger, or it and the topics contradict each other
     */
    public static EvidenceBundle of(KafkaClients clients, EventCodec codec, UUID signupId) throws NoEvidence {
        SignedLedger ledger;
        try (LedgerTopic topic = new LedgerTopic(clients, codec, "handoff-audit")) {
            ledger = SignedLedger.read(topic);
        }
        EvidenceExport export = new EvidenceExport(ledger, signupId);
        List<Topic> indexed = Topic.inLedger().stream()
                .filter(topic -> ledger.indexes(topic.baseName()))
                .toList();
        try (LeafReader leaves = new LeafReader(clients, "handoff-audit-leaves", indexed, List.of(export.partition))) {
            export.ends = leaves.extents();
            for (LedgerEntry entry : ledger.entries()) {
                export.read(entry, leaves);
            }
        } catch (LogChanged e) {
            throw NoEvidence.contradiction("the ledger covers more than the topics have: " + e.getMessage());
        }
        return EvidenceAssembly.of(
                ledger, export.key, export.partition, export.events, export.index.prove(History.path(export.key)));
    }

    private void read(LedgerEntry entry, LeafReader leaves) throws NoEvidence {
        for (Segment segment : entry.segments()) {
            if (segment.partition() == partition && ledger.indexes(segment.topic())) {
                read(entry, segment, leaves);
            }
        }
        for (IndexLine line : entry.indexes()) {
            if (line.partition() == partition && !line.equals(new IndexLine(partition, index.keys(), index.root()))) {
                throw NoEvidence.contradiction("entry " + entry.number() + " states another index of partition "
                        + partition + " than its events give");
            }
        }
    }

    private void read(LedgerEntry entry, Segment segment, LeafReader leaves) throws NoEvidence {
        long end = ends.getOrDefault(new Place(segment.topic(), partition), new Extent(0, 0))
                .end();
        if (end < segment.end()) {
            throw NoEvidence.contradiction("topic " + segment.topic() + " ends before offset " + segment.end()
                    + " of partition " + partition + ", which entry " + entry.number() + " covers");
        }
        List<LeafDigest> digests = new ArrayList<>(segment.count());
        List<Leaf> found = new ArrayList<>();
        leaves.read(segment.topic(), partition, segment.first(), segment.count(), leaf -> {
            digests.add(LeafDigest.of(leaf));
            if (leaf instanceof Leaf.Present record
                    && record.key().filter(other -> Arrays.equals(other, key)).isPresent()) {
                found.add(leaf);
            }
        });
        Run run = new Run(segment.topic(), partition, segment.first(), digests);
        if (!run.segment().equals(segment)) {
            throw NoEvidence.contradiction("topic " + segment.topic() + ", partition " + partition + ", offsets "
                    + segment.first() + " to " + (segment.end() - 1) + ": the records are not those of entry "
                    + entry.number());
        }
        run.appendTo(index);
        List<Hash> hashes = digests.stream().map(LeafDigest::hash).toList();
        found.forEach(leaf -> events.add(new Located(entry.number(), leaf, hashes)));
    }
}
