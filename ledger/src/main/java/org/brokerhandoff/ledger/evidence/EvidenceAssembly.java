package org.brokerhandoff.ledger.evidence;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.OptionalLong;
import java.util.TreeSet;
import org.brokerhandoff.ledger.entry.Leaf;
import org.brokerhandoff.ledger.entry.LedgerEntry;
import org.brokerhandoff.ledger.entry.LedgerEntry.IndexLine;
import org.brokerhandoff.ledger.entry.LedgerEntry.Segment;
import org.brokerhandoff.ledger.evidence.EvidenceBundle.End;
import org.brokerhandoff.ledger.evidence.EvidenceBundle.Entry;
import org.brokerhandoff.ledger.evidence.EvidenceBundle.Index;
import org.brokerhandoff.ledger.evidence.EvidenceBundle.Proven;
import org.brokerhandoff.ledger.index.IndexProof;
import org.brokerhandoff.ledger.merkle.Hash;
import org.brokerhandoff.ledger.merkle.MerkleTree;
import org.brokerhandoff.ledger.note.SignedNote;

/** Assembles a bundle from a ledger at its checkpoint. Does not verify its input: {@link EvidenceCheck} does that. */
public final class EvidenceAssembly {
    private EvidenceAssembly() {}

    /** A ledger as of one signed checkpoint. */
    public interface Ledger {
        /** The signed head. */
        SignedNote checkpoint();

        /** Number of entries. */
        long size();

        /** Entry {@code number}. */
        LedgerEntry entry(long number);

        /** The audit path of entry {@code number} in the checkpoint's tree. */
        List<Hash> inclusion(long number);

        /** The newest index line of each partition. */
        List<IndexLine> indexes();
    }

    /**
     * A leaf, and its position in the ledger.
     *
     * @param entry number of the entry that lists the segment
     * @param path the leaf's audit path in its segment
     */
    public record Located(long entry, Leaf leaf, List<Hash> path) {
        /** Copies the list. */
        public Located {
            path = List.copyOf(path);
        }

        /** A leaf of {@code segment}, with all leaf hashes of the segment available. */
        public static Located in(long entry, Segment segment, List<Hash> leaves, Leaf leaf) {
            int index = (int) (leaf.place().offset() - segment.first());
            return new Located(entry, leaf, MerkleTree.inclusionProof(index, leaves));
        }
    }

    /**
     * The bundle of one key.
     *
     * @param events every leaf of the key, in the order of the ledger
     * @param context other leaves needed to judge the events
     * @param proof the partition's index proof for the key
     */
    public static EvidenceBundle of(
            Ledger ledger, byte[] key, int partition, List<Located> events, List<Located> context, IndexProof proof) {
        TreeSet<Long> numbers = new TreeSet<>(List.of(0L, ledger.size() - 1));
        events.forEach(event -> numbers.add(event.entry()));
        context.forEach(record -> numbers.add(record.entry()));
        List<Entry> entries = new ArrayList<>();
        for (long number : numbers) {
            entries.add(new Entry(ledger.entry(number), ledger.inclusion(number)));
        }
        List<IndexLine> lines = ledger.indexes();
        return new EvidenceBundle(
                HexFormat.of().formatHex(key),
                partition,
                events.isEmpty() ? OptionalLong.empty() : OptionalLong.of(events.size()),
                events.stream().map(EvidenceAssembly::proven).toList(),
                context.stream().map(EvidenceAssembly::proven).toList(),
                entries,
                new Index(
                        lines.get(partition),
                        MerkleTree.inclusionProof(
                                partition, lines.stream().map(IndexLine::hash).toList()),
                        end(proof),
                        proof.siblings()),
                ledger.checkpoint());
    }

    private static End end(IndexProof proof) {
        if (proof.end() instanceof IndexProof.End.Other other) {
            return new End.Other(other.path(), other.history());
        }
        return proof.end() instanceof IndexProof.End.Empty ? new End.Empty() : new End.Key();
    }

    private static Proven proven(Located located) {
        return new Proven(located.leaf().place(), located.entry(), located.leaf(), located.path());
    }
}
