package org.brokerhandoff.ledgerservice.evidence;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.brokerhandoff.eventlog.LeafReader;
import org.brokerhandoff.ledger.entry.EntryText;
import org.brokerhandoff.ledger.entry.Leaf;
import org.brokerhandoff.ledger.entry.LedgerEntry;
import org.brokerhandoff.ledger.entry.LedgerEntry.IndexLine;
import org.brokerhandoff.ledger.entry.LedgerEntry.Segment;
import org.brokerhandoff.ledger.entry.MalformedEntry;
import org.brokerhandoff.ledger.evidence.EvidenceAssembly;
import org.brokerhandoff.ledger.evidence.EvidenceAssembly.Located;
import org.brokerhandoff.ledger.evidence.EvidenceBundle;
import org.brokerhandoff.ledger.index.History;
import org.brokerhandoff.ledger.index.IndexProof;
import org.brokerhandoff.ledger.merkle.Hash;
import org.brokerhandoff.ledger.merkle.Tiles;
import org.brokerhandoff.ledger.note.SignedNote;
import org.brokerhandoff.ledgerservice.evidence.LeafPositions.Position;
import org.brokerhandoff.ledgerservice.folder.LedgerFiles;
import org.brokerhandoff.schemas.SignupIds;

/** Makes evidence of what the ledger says of an id, the folder's files and the kept topics. Not for several threads. */
public final class EvidenceMaker implements AutoCloseable {
    private final LedgerFiles files;
    private final LeafReader leaves;

    /** Makes evidence from {@code files} and {@code leaves}, which it closes. */
    public EvidenceMaker(LedgerFiles files, LeafReader leaves) {
        this.files = files;
        this.leaves = leaves;
    }

    /**
     * The evidence of what {@code standing} says; of an id without events, that there are none. Reads each event from Kafka.
     *
     * @throws EvidenceContradicted if the topics do not have what the ledger commits to
     * @throws org.brokerhandoff.eventlog.EventLogUnavailable if Kafka does not answer
     */
    public EvidenceBundle make(Standing standing) throws EvidenceContradicted {
        Published ledger = new Published(standing);
        List<Located> events = new ArrayList<>();
        History history = History.NONE;
        for (Position position : standing.positions()) {
            Located located = located(standing, ledger, position);
            history = history.append(located.leaf().hash());
            events.add(located);
        }
        History committed =
                standing.proof().end() instanceof IndexProof.End.Present present ? present.history() : History.NONE;
        if (!history.equals(committed)) {
            throw new EvidenceContradicted("the topics have other events of " + standing.id() + " than the index");
        }
        return EvidenceAssembly.of(
                ledger, SignupIds.bytes(standing.id()), standing.partition(), events, standing.proof());
    }

    private Located located(Standing standing, Published ledger, Position position) throws EvidenceContradicted {
        Leaf.Place place =
                new Leaf.Place(standing.topics().get(position.topic()), standing.partition(), position.offset());
        Segment segment = ledger.entry(position.entry())
                .segmentOf(place)
                .orElseThrow(() -> new EvidenceContradicted(
                        "entry " + position.entry() + " does not list " + place.topic() + " offset " + place.offset()));
        List<Hash> hashes = files.segment(place.topic(), place.partition(), segment.first());
        List<Leaf> read = new ArrayList<>(1);
        leaves.read(place.topic(), place.partition(), place.offset(), 1, read::add);
        return new Located(position.entry(), read.get(0), hashes);
    }

    /** The ledger as it was published under one checkpoint. */
    private final class Published implements EvidenceAssembly.Ledger {
        private final Standing standing;
        /** An event's entry is asked for several times, and lies in a file of up to 16 MB. */
        private final Map<Long, LedgerEntry> entries = new HashMap<>();

        Published(Standing standing) {
            this.standing = standing;
        }

        @Override
        public SignedNote checkpoint() {
            return standing.checkpoint();
        }

        @Override
        public long size() {
            return standing.size();
        }

        @Override
        public LedgerEntry entry(long number) {
            return entries.computeIfAbsent(number, this::parsed);
        }

        private LedgerEntry parsed(long number) {
            try {
                return EntryText.parse(files.entry(number, standing.size()));
            } catch (MalformedEntry e) {
                throw new IllegalStateException("entry " + number + " of the folder is none", e);
            }
        }

        @Override
        public List<Hash> inclusion(long number) {
            return Tiles.inclusionProof(number, standing.size(), standing.size(), files);
        }

        @Override
        public List<IndexLine> indexes() {
            return standing.indexes();
        }
    }

    @Override
    public void close() {
        leaves.close();
    }
}
