package org.brokerhandoff.audit.evidence;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.brokerhandoff.eventlog.LedgerTopic;
import org.brokerhandoff.eventlog.LedgerTopic.Statement;
import org.brokerhandoff.ledger.entry.LedgerChain;
import org.brokerhandoff.ledger.entry.LedgerEntry;
import org.brokerhandoff.ledger.entry.LedgerEntry.IndexLine;
import org.brokerhandoff.ledger.evidence.EvidenceAssembly;
import org.brokerhandoff.ledger.merkle.Hash;
import org.brokerhandoff.ledger.merkle.MerkleTree;
import org.brokerhandoff.ledger.note.Checkpoint;
import org.brokerhandoff.ledger.note.MalformedNote;
import org.brokerhandoff.ledger.note.SignedNote;
import org.brokerhandoff.schemas.Topic;

/**
 * A ledger from topic {@code checkpoints}, up to its largest checkpoint whose root matches its entries. Signatures are not verified here: the
 * check of the evidence does that, with the keys trusted there.
 */
final class SignedLedger implements EvidenceAssembly.Ledger {
    private final LedgerChain chain = new LedgerChain();
    private final List<LedgerEntry> entries = new ArrayList<>();
    private final List<Hash> hashes = new ArrayList<>();
    private final SignedNote checkpoint;

    private SignedLedger(List<LedgerEntry> entries, SignedNote checkpoint) {
        for (LedgerEntry entry : entries) {
            chain.append(entry);
            this.entries.add(entry);
            hashes.add(entry.hash());
        }
        this.checkpoint = checkpoint;
    }

    /**
     * Reads the newest generation of the ledger.
     *
     * @throws NoEvidence if there is none, or no checkpoint matches its entries
     */
    static SignedLedger read(LedgerTopic topic) throws NoEvidence {
        Map<String, Generation> generations = new HashMap<>();
        Optional<Generation> newest = Optional.empty();
        for (List<Statement> next = topic.next(); !next.isEmpty(); next = topic.next()) {
            for (Statement statement : next) {
                Generation generation = generations.computeIfAbsent(statement.origin(), any -> new Generation());
                generation.take(statement);
                newest = Optional.of(generation);
            }
        }
        return newest.orElseThrow(() -> NoEvidence.missing(
                        "topic checkpoints has no ledger; ./handoff ledger builds one (docs/transparency.md)"))
                .signed();
    }

    /** The entries of one origin, and its checkpoints by size. */
    private static final class Generation {
        private final LedgerChain chain = new LedgerChain();
        private final List<LedgerEntry> entries = new ArrayList<>();
        private final List<Hash> roots = new ArrayList<>(List.of(MerkleTree.emptyRoot()));
        private Optional<SignedNote> newest = Optional.empty();
        private long newestSize;
        private Optional<String> contradiction = Optional.empty();

        void take(Statement statement) {
            try {
                if (statement instanceof Statement.Entry entry) {
                    entry.next(chain.size(), chain.root()).ifPresent(this::takeEntry);
                } else if (statement instanceof Statement.Checkpoint head) {
                    takeCheckpoint(head);
                }
            } catch (MalformedNote e) {
                // Void: not a checkpoint.
                return;
            }
        }

        private void takeEntry(LedgerEntry entry) {
            Optional<String> objection = chain.objection(entry);
            if (objection.isPresent()) {
                contradiction = contradiction.or(
                        () -> Optional.of("entry " + entry.number() + " of topic checkpoints: " + objection.get()));
                return;
            }
            chain.append(entry);
            entries.add(entry);
            roots.add(chain.root());
        }

        private void takeCheckpoint(Statement.Checkpoint head) throws MalformedNote {
            SignedNote note = SignedNote.parse(head.note().getBytes(StandardCharsets.UTF_8));
            Checkpoint checkpoint = Checkpoint.parse(note.text());
            if (checkpoint.size() < 1 || checkpoint.size() >= roots.size()) {
                return;
            }
            if (!checkpoint.root().equals(roots.get((int) checkpoint.size()))) {
                contradiction = contradiction.or(() -> Optional.of(
                        "a checkpoint of size " + checkpoint.size() + " is not of the entries in topic checkpoints"));
            } else if (checkpoint.size() >= newestSize) {
                newestSize = checkpoint.size();
                newest = Optional.of(note);
            }
        }

        SignedLedger signed() throws NoEvidence {
            if (contradiction.isPresent()) {
                throw NoEvidence.contradiction(contradiction.get());
            }
            SignedNote note = newest.orElseThrow(
                    () -> NoEvidence.missing("topic checkpoints has no checkpoint of its ledger yet; try again"));
            return new SignedLedger(entries.subList(0, (int) newestSize), note);
        }
    }

    List<LedgerEntry> entries() {
        return List.copyOf(entries);
    }

    /** Partitions of every topic. */
    int partitions() {
        return chain.genesis().orElseThrow().partitions();
    }

    /** The topics it covers, as far as this version knows them. */
    List<Topic> topics() {
        return Topic.inLedger().stream()
                .filter(topic ->
                        chain.topics().stream().anyMatch(line -> line.topic().equals(topic.baseName())))
                .toList();
    }

    /** Whether the index covers this topic. */
    boolean indexes(String topic) {
        return chain.topics().stream().anyMatch(line -> line.topic().equals(topic) && line.indexed());
    }

    @Override
    public SignedNote checkpoint() {
        return checkpoint;
    }

    @Override
    public long size() {
        return entries.size();
    }

    @Override
    public LedgerEntry entry(long number) {
        return entries.get((int) number);
    }

    @Override
    public List<Hash> inclusion(long number) {
        return MerkleTree.inclusionProof((int) number, hashes);
    }

    @Override
    public List<IndexLine> indexes() {
        return chain.indexes();
    }
}
