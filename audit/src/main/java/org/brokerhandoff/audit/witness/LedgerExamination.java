package org.brokerhandoff.audit.witness;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.brokerhandoff.eventlog.KafkaClients;
import org.brokerhandoff.eventlog.LeafReader;
import org.brokerhandoff.eventlog.LeafReader.Extent;
import org.brokerhandoff.eventlog.LeafReader.Place;
import org.brokerhandoff.eventlog.LedgerTopic;
import org.brokerhandoff.eventlog.LedgerTopic.Statement;
import org.brokerhandoff.ledger.entry.LedgerChain;
import org.brokerhandoff.ledger.entry.LedgerEntry;
import org.brokerhandoff.ledger.entry.LedgerEntry.Genesis;
import org.brokerhandoff.ledger.entry.LedgerEntry.Segment;
import org.brokerhandoff.ledger.merkle.Hash;
import org.brokerhandoff.ledger.merkle.MerkleTree;
import org.brokerhandoff.ledger.note.Checkpoint;
import org.brokerhandoff.ledger.replay.IndexedLedger;
import org.brokerhandoff.ledger.replay.IndexedLedger.Mismatch;
import org.brokerhandoff.ledger.replay.LeafDigest;
import org.brokerhandoff.ledger.replay.Run;
import org.brokerhandoff.schemas.EventCodec;
import org.brokerhandoff.schemas.Topic;

/**
 * Reads the entries of one ledger from topic {@code checkpoints}, and compares each with its predecessors: grammar, {@code prior}, contiguous
 * segments, carried-over index lines. With the events it also recomputes every segment and index. Continues where it stopped, so each entry,
 * and each event, is read once. Not thread-safe.
 */
final class LedgerExamination implements LedgerCheck {
    private final KafkaClients clients;
    private final EventCodec codec;
    private final String origin;
    private final boolean events;

    private final List<Hash> roots = new ArrayList<>(List.of(MerkleTree.emptyRoot()));
    private Optional<LedgerTopic> topic = Optional.empty();
    private Optional<LeafReader> leaves = Optional.empty();
    private Map<Place, Extent> extents = Map.of();
    private LedgerChain chain = new LedgerChain();
    private IndexedLedger recomputed = new IndexedLedger();
    private Optional<String> contradiction = Optional.empty();

    /** @param events whether segments and indexes are recomputed from the kept topics */
    LedgerExamination(KafkaClients clients, EventCodec codec, String origin, boolean events) {
        this.clients = clients;
        this.codec = codec;
        this.origin = origin;
        this.events = events;
    }

    @Override
    public Optional<String> objection(Checkpoint checkpoint) {
        try {
            return objection(checkpoint.size(), checkpoint.root());
        } catch (RuntimeException e) {
            // A partially read entry must not be read twice: the next examination starts over.
            close();
            chain = new LedgerChain();
            recomputed = new IndexedLedger();
            roots.subList(1, roots.size()).clear();
            throw e;
        }
    }

    private Optional<String> objection(long size, Hash root) {
        LedgerTopic from = topic.orElseGet(() -> new LedgerTopic(clients, codec, "handoff-witness"));
        topic = Optional.of(from);
        for (List<Statement> next = from.next(); !next.isEmpty(); next = from.next()) {
            for (Statement statement : next) {
                if (statement instanceof Statement.Entry entry
                        && entry.origin().equals(origin)
                        && contradiction.isEmpty()) {
                    entry.next(roots.size() - 1L, roots.get(roots.size() - 1)).ifPresent(this::take);
                }
            }
        }
        // A faulty entry does not invalidate those before it.
        if (size >= roots.size()) {
            return contradiction.or(() -> Optional.of("topic checkpoints has " + (roots.size() - 1)
                    + " entries of this ledger, and the checkpoint is of " + size));
        }
        return roots.get((int) size).equals(root)
                ? Optional.empty()
                : Optional.of("the entries in topic checkpoints have another root at size " + size);
    }

    private void take(LedgerEntry entry) {
        if (entry.genesis()
                .map(Genesis::origin)
                .filter(name -> !name.equals(origin))
                .isPresent()) {
            contradiction = Optional.of("entry 0 is of another ledger");
            return;
        }
        contradiction = (events ? recomputedObjection(entry) : chain.objection(entry))
                .map(objection -> "entry " + entry.number() + ": " + objection);
        if (contradiction.isEmpty()) {
            if (!events) {
                chain.append(entry);
            }
            roots.add((events ? recomputed.chain() : chain).root());
        }
    }

    private Optional<String> recomputedObjection(LedgerEntry entry) {
        // Before anything is read on the basis of its content.
        Optional<String> broken = recomputed.chain().objection(entry);
        if (broken.isPresent()) {
            return broken;
        }
        LeafReader from = leaves.orElseGet(() -> reader(entry.genesis()
                .or(() -> recomputed.chain().genesis())
                .orElseThrow()
                .partitions()));
        leaves = Optional.of(from);
        List<Run> runs = new ArrayList<>();
        for (Segment segment : entry.segments()) {
            List<LeafDigest> digests = new ArrayList<>(segment.count());
            if (end(segment) < segment.end()) {
                extents = from.extents();
            }
            if (end(segment) < segment.end()) {
                return Optional.of("topic " + segment.topic() + ", partition " + segment.partition()
                        + " ends before offset " + segment.end());
            }
            from.read(
                    segment.topic(),
                    segment.partition(),
                    segment.first(),
                    segment.count(),
                    leaf -> digests.add(LeafDigest.of(leaf)));
            runs.add(new Run(segment.topic(), segment.partition(), segment.first(), digests));
        }
        return recomputed.adopt(entry, runs).map(LedgerExamination::said);
    }

    private long end(Segment segment) {
        return extents.getOrDefault(new Place(segment.topic(), segment.partition()), new Extent(0, 0))
                .end();
    }

    private LeafReader reader(int partitions) {
        return new LeafReader(
                clients,
                "handoff-witness-leaves",
                Topic.inLedger(),
                IntStream.range(0, partitions).boxed().toList());
    }

    private static String said(Mismatch mismatch) {
        if (mismatch instanceof Mismatch.Segment changed) {
            Segment segment = changed.segment();
            return "topic " + segment.topic() + ", partition " + segment.partition() + ", offsets " + segment.first()
                    + " to " + (segment.end() - 1) + " do not give its segment";
        } else if (mismatch instanceof Mismatch.Index index) {
            return "the events do not give its index of partition "
                    + index.line().partition();
        }
        return ((Mismatch.Broken) mismatch).objection();
    }

    @Override
    public void close() {
        topic.ifPresent(LedgerTopic::close);
        leaves.ifPresent(LeafReader::close);
        topic = Optional.empty();
        leaves = Optional.empty();
    }
}
