package org.brokerhandoff.ledgerservice.evidence;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.brokerhandoff.eventlog.LeafReader;
import org.brokerhandoff.eventlog.context.ContextCatalog.Found;
import org.brokerhandoff.eventlog.context.ContextSelection;
import org.brokerhandoff.eventlog.context.ContextSelection.Event;
import org.brokerhandoff.ledger.entry.EntryText;
import org.brokerhandoff.ledger.entry.Leaf;
import org.brokerhandoff.ledger.entry.LedgerEntry;
import org.brokerhandoff.ledger.entry.LedgerEntry.IndexLine;
import org.brokerhandoff.ledger.entry.LedgerEntry.Segment;
import org.brokerhandoff.ledger.entry.LedgerEntry.TopicLine;
import org.brokerhandoff.ledger.entry.MalformedEntry;
import org.brokerhandoff.ledger.evidence.EvidenceAssembly;
import org.brokerhandoff.ledger.evidence.EvidenceAssembly.Located;
import org.brokerhandoff.ledger.evidence.EvidenceBundle;
import org.brokerhandoff.ledger.index.History;
import org.brokerhandoff.ledger.index.IndexProof;
import org.brokerhandoff.ledger.merkle.BlockRoots;
import org.brokerhandoff.ledger.merkle.Hash;
import org.brokerhandoff.ledger.merkle.Tiles;
import org.brokerhandoff.ledger.note.SignedNote;
import org.brokerhandoff.ledgerservice.evidence.LeafPositions.Position;
import org.brokerhandoff.ledgerservice.folder.LedgerFiles;
import org.brokerhandoff.schemas.EventCodec;
import org.brokerhandoff.schemas.SignupIds;

/** Makes evidence of an id from the ledger's lookup, the folder's files and the kept topics. Not thread-safe. */
public final class EvidenceMaker implements AutoCloseable {
    /** Segments of 50 million events; with 64 roots each some 20 MB. */
    private static final int REMEMBERED_SEGMENTS = 4_096;

    private final LedgerFiles files;
    private final LeafReader leaves;
    private final EventCodec codec;
    /** A segment never changes. Without this cache, an audit path in a full one reads half a megabyte and computes 16,384 hashes. */
    private final Map<Segment, BlockRoots> roots = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Segment, BlockRoots> eldest) {
            return size() > REMEMBERED_SEGMENTS;
        }
    };

    /** Makes evidence from {@code files} and {@code leaves}, which it closes. */
    public EvidenceMaker(LedgerFiles files, LeafReader leaves, EventCodec codec) {
        this.files = files;
        this.leaves = leaves;
        this.codec = codec;
    }

    /**
     * The evidence for {@code standing}; for an id without events, the proof that there are none. Reads each event from Kafka.
     *
     * @throws EvidenceContradicted if the topics do not have what the ledger commits to
     * @throws org.brokerhandoff.eventlog.EventLogUnavailable if Kafka does not answer
     */
    public EvidenceBundle make(Standing standing) throws EvidenceContradicted {
        Published ledger = new Published(standing);
        List<Located> events = new ArrayList<>();
        List<Located> context = new ArrayList<>();
        History history = History.NONE;
        for (Position position : standing.records().own()) {
            TopicLine topic = standing.topics().get(position.topic());
            Located located = located(
                    ledger, position.entry(), new Leaf.Place(topic.topic(), position.partition(), position.offset()));
            if (topic.indexed()) {
                history = history.append(located.leaf().hash());
                events.add(located);
            } else {
                context.add(located);
            }
        }
        History committed =
                standing.proof().end() instanceof IndexProof.End.Present present ? present.history() : History.NONE;
        if (!history.equals(committed)) {
            throw new EvidenceContradicted("the topics' events of " + standing.id() + " differ from the index");
        }
        List<Event> judged = Stream.concat(events.stream(), context.stream())
                .flatMap(located -> Event.of(located.leaf(), codec).stream())
                .toList();
        for (Found found : ContextSelection.of(judged, standing.records().context(), standing.size())) {
            context.add(located(ledger, found.entry(), found.place()));
        }
        return EvidenceAssembly.of(
                ledger, SignupIds.bytes(standing.id()), standing.partition(), events, context, standing.proof());
    }

    private Located located(Published ledger, long entry, Leaf.Place place) throws EvidenceContradicted {
        Segment segment = ledger.entry(entry)
                .segmentOf(place)
                .orElseThrow(() -> new EvidenceContradicted(
                        "entry " + entry + " does not list " + place.topic() + " offset " + place.offset()));
        List<Leaf> read = new ArrayList<>(1);
        leaves.read(place.topic(), place.partition(), place.offset(), 1, read::add);
        return new Located(entry, read.get(0), path(segment, (int) (place.offset() - segment.first())));
    }

    private List<Hash> path(Segment segment, int index) {
        String topic = segment.topic();
        int from = index / BlockRoots.BLOCK * BlockRoots.BLOCK;
        return roots.computeIfAbsent(
                        segment, any -> BlockRoots.of(files.segment(topic, segment.partition(), segment.first())))
                .inclusionProof(
                        index,
                        files.segment(
                                topic,
                                segment.partition(),
                                segment.first(),
                                from,
                                Math.min(BlockRoots.BLOCK, segment.count() - from)));
    }

    /** The ledger as published under one checkpoint. */
    private final class Published implements EvidenceAssembly.Ledger {
        private final Standing standing;
        /** An event's entry is requested several times, and is in a file of up to 16 MB. */
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
                throw new IllegalStateException("entry " + number + " of the folder is not an entry", e);
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
