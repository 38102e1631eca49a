package org.brokerhandoff.audit.evidence;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.brokerhandoff.eventlog.EventPartitions;
import org.brokerhandoff.eventlog.KafkaClients;
import org.brokerhandoff.eventlog.LeafReader;
import org.brokerhandoff.eventlog.LeafReader.Extent;
import org.brokerhandoff.eventlog.LeafReader.Place;
import org.brokerhandoff.eventlog.LedgerTopic;
import org.brokerhandoff.eventlog.LogChanged;
import org.brokerhandoff.eventlog.context.ContextCatalog;
import org.brokerhandoff.eventlog.context.ContextCatalog.Found;
import org.brokerhandoff.eventlog.context.ContextSelection;
import org.brokerhandoff.eventlog.context.ContextSelection.Event;
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

/**
 * Makes the evidence of one signup from Kafka alone. The signup's partition is read from its first record and its index is recomputed, so a
 * ledger that differs on this partition, in any entry, yields no evidence, only the position of the difference. The records that its events
 * are judged by may be in any partition, so the other partitions are scanned as well, by their headers.
 */
public final class EvidenceExport {
    private final SignedLedger ledger;
    private final byte[] key;
    private final int partition;
    private final PrefixIndex index = new PrefixIndex();
    private final List<Located> events = new ArrayList<>();
    private final ContextCatalog catalog = new ContextCatalog();
    private Map<Place, Extent> ends = Map.of();

    private EvidenceExport(SignedLedger ledger, UUID signupId) {
        this.ledger = ledger;
        this.key = SignupIds.bytes(signupId);
        this.partition = EventPartitions.of(signupId, ledger.partitions());
    }

    /**
     * The evidence of {@code signupId} as of the newest checkpoint; for an unknown one, the proof that it has no event.
     *
     * @throws NoEvidence if there is no ledger, or it contradicts the topics
     */
    public static EvidenceBundle of(KafkaClients clients, EventCodec codec, UUID signupId) throws NoEvidence {
        SignedLedger ledger;
        try (LedgerTopic topic = new LedgerTopic(clients, codec, "handoff-audit")) {
            ledger = SignedLedger.read(topic);
        }
        EvidenceExport export = new EvidenceExport(ledger, signupId);
        List<Integer> partitions =
                IntStream.range(0, ledger.partitions()).boxed().toList();
        List<Located> context = List.of();
        try (LeafReader leaves = new LeafReader(clients, "handoff-audit-leaves", ledger.topics(), partitions)) {
            export.ends = leaves.extents();
            for (LedgerEntry entry : ledger.entries()) {
                export.read(entry, leaves);
            }
            if (!export.events.isEmpty()) {
                context = export.context(codec, leaves);
            }
        } catch (LogChanged e) {
            throw NoEvidence.contradiction("the ledger covers more than the topics have: " + e.getMessage());
        }
        return EvidenceAssembly.of(
                ledger,
                export.key,
                export.partition,
                export.events,
                context,
                export.index.prove(History.path(export.key)));
    }

    private void read(LedgerEntry entry, LeafReader leaves) throws NoEvidence {
        for (Segment segment : entry.segments()) {
            if (isOwn(segment)) {
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

    private boolean isOwn(Segment segment) {
        return segment.partition() == partition && ledger.indexes(segment.topic());
    }

    private void read(LedgerEntry entry, Segment segment, LeafReader leaves) throws NoEvidence {
        List<Leaf> found = new ArrayList<>();
        Run run = run(entry, segment, leaves, leaf -> {
            catalogue(entry, leaf);
            if (leaf instanceof Leaf.Present record
                    && record.key().filter(other -> Arrays.equals(other, key)).isPresent()) {
                found.add(leaf);
            }
        });
        run.appendTo(index);
        List<Hash> hashes = run.leaves().stream().map(LeafDigest::hash).toList();
        found.forEach(leaf -> events.add(Located.in(entry.number(), segment, hashes, leaf)));
    }

    private void catalogue(LedgerEntry entry, Leaf leaf) {
        if (leaf instanceof Leaf.Present record) {
            LeafDigest.eventId(record)
                    .ifPresent(id -> catalog.add(new Found(entry.number(), record.place(), record.appendedAt(), id)));
        }
    }

    /** The leaves of a segment, which match the entry's commitment. */
    private Run run(LedgerEntry entry, Segment segment, LeafReader leaves, Consumer<Leaf> taker) throws NoEvidence {
        complete(entry, segment);
        List<LeafDigest> digests = new ArrayList<>(segment.count());
        leaves.read(segment.topic(), segment.partition(), segment.first(), segment.count(), leaf -> {
            digests.add(LeafDigest.of(leaf));
            taker.accept(leaf);
        });
        Run run = new Run(segment.topic(), segment.partition(), segment.first(), digests);
        if (!run.segment().equals(segment)) {
            throw NoEvidence.contradiction("topic " + segment.topic() + ", partition " + segment.partition()
                    + ", offsets " + segment.first() + " to " + (segment.end() - 1)
                    + ": the records are not those of entry " + entry.number());
        }
        return run;
    }

    private void complete(LedgerEntry entry, Segment segment) throws NoEvidence {
        long end = ends.getOrDefault(new Place(segment.topic(), segment.partition()), new Extent(0, 0))
                .end();
        if (end < segment.end()) {
            throw NoEvidence.contradiction("topic " + segment.topic() + " ends before offset " + segment.end()
                    + " of partition " + segment.partition() + ", which entry " + entry.number() + " covers");
        }
    }

    /** The records that the events are judged by: found by headers, then read again with their segments, and compared. */
    private List<Located> context(EventCodec codec, LeafReader leaves) throws NoEvidence {
        String ownPlaces = SignupIds.uuid(key) + "/";
        List<Found> found = new ArrayList<>();
        for (LedgerEntry entry : ledger.entries()) {
            for (Segment segment : entry.segments()) {
                if (!isOwn(segment)) {
                    complete(entry, segment);
                    leaves.read(segment.topic(), segment.partition(), segment.first(), segment.count(), leaf -> {
                        catalogue(entry, leaf);
                        if (leaf instanceof Leaf.Present record
                                && !ledger.indexes(segment.topic())
                                && LeafDigest.eventId(record)
                                        .filter(id -> id.startsWith(ownPlaces))
                                        .isPresent()) {
                            found.add(new Found(entry.number(), record.place(), record.appendedAt(), ownPlaces));
                        }
                    });
                }
            }
        }
        List<Located> context = new ArrayList<>(located(found, leaves));
        List<Event> judged = Stream.concat(events.stream(), context.stream())
                .flatMap(located -> Event.of(located.leaf(), codec).stream())
                .toList();
        context.addAll(located(ContextSelection.of(judged, catalog, ledger.size()), leaves));
        return context;
    }

    /** Each segment is read once, however many of them it contains. */
    private List<Located> located(List<Found> found, LeafReader leaves) throws NoEvidence {
        Map<Segment, List<Found>> bySegment = new LinkedHashMap<>();
        for (Found each : found) {
            Segment segment = ledger.entry(each.entry()).segmentOf(each.place()).orElseThrow();
            bySegment.computeIfAbsent(segment, any -> new ArrayList<>()).add(each);
        }
        Map<Leaf.Place, Located> located = new HashMap<>();
        for (Map.Entry<Segment, List<Found>> within : bySegment.entrySet()) {
            Segment segment = within.getKey();
            LedgerEntry entry = ledger.entry(within.getValue().get(0).entry());
            List<Leaf> all = new ArrayList<>(segment.count());
            List<Hash> hashes = run(entry, segment, leaves, all::add).leaves().stream()
                    .map(LeafDigest::hash)
                    .toList();
            for (Found each : within.getValue()) {
                Leaf leaf = all.get((int) (each.place().offset() - segment.first()));
                located.put(each.place(), Located.in(entry.number(), segment, hashes, leaf));
            }
        }
        return found.stream()
                .map(each -> Objects.requireNonNull(located.get(each.place())))
                .toList();
    }
}
