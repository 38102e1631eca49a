package org.brokerhandoff.ledger.evidence;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.TreeMap;
import org.brokerhandoff.ledger.entry.Leaf;
import org.brokerhandoff.ledger.entry.LedgerChain;
import org.brokerhandoff.ledger.entry.LedgerEntry;
import org.brokerhandoff.ledger.entry.LedgerEntry.Genesis;
import org.brokerhandoff.ledger.entry.LedgerEntry.IndexLine;
import org.brokerhandoff.ledger.entry.LedgerEntry.Segment;
import org.brokerhandoff.ledger.entry.LedgerEntry.TopicLine;
import org.brokerhandoff.ledger.evidence.EvidenceBundle.End;
import org.brokerhandoff.ledger.evidence.EvidenceBundle.Entry;
import org.brokerhandoff.ledger.evidence.EvidenceBundle.Index;
import org.brokerhandoff.ledger.evidence.EvidenceBundle.Proven;
import org.brokerhandoff.ledger.index.History;
import org.brokerhandoff.ledger.index.IndexProof;
import org.brokerhandoff.ledger.index.PrefixIndex;
import org.brokerhandoff.ledger.merkle.Hash;
import org.brokerhandoff.ledger.merkle.MerkleTree;
import org.brokerhandoff.ledger.note.Checkpoint;
import org.brokerhandoff.ledger.note.KeyType;
import org.brokerhandoff.ledger.note.MalformedNote;
import org.brokerhandoff.ledger.note.Policy;
import org.brokerhandoff.ledger.note.SampleKeys;
import org.brokerhandoff.ledger.note.SignedNote;
import org.brokerhandoff.ledger.note.SigningKey;

/** A small ledger over three topics, in memory, and bundles of its keys. */
final class SampleLedger {
    static final String ORIGIN = "handoff.example.org/test/ledger/1";
    private static final int PARTITIONS = 3;
    private static final List<TopicLine> TOPICS = List.of(
            new TopicLine("consents", "c", true),
            new TopicLine("handoffs", "h", true),
            new TopicLine("places", "p", false));

    private final SigningKey key = SampleKeys.key(ORIGIN);
    private final LedgerChain chain = new LedgerChain();
    private final List<LedgerEntry> entries = new ArrayList<>();
    private final Map<String, List<Leaf>> logs = new TreeMap<>();
    private final List<PrefixIndex> indexes = new ArrayList<>();
    private final Map<Leaf.Place, Long> entryOf = new HashMap<>();

    SampleLedger() {
        for (int partition = 0; partition < PARTITIONS; partition++) {
            indexes.add(new PrefixIndex());
        }
    }

    static byte[] id(int number) {
        Random random = new Random(number);
        return ByteBuffer.allocate(16)
                .putLong(random.nextLong())
                .putLong(random.nextLong())
                .array();
    }

    static int partition(byte[] id) {
        return KafkaPartition.of(id, PARTITIONS);
    }

    /** Appends a record to a topic, in the partition of its key. */
    void record(String topic, int key, String value) {
        byte[] id = id(key);
        List<Leaf> log = logs.computeIfAbsent(topic + "-" + partition(id), any -> new ArrayList<>());
        log.add(new Leaf.Present(
                new Leaf.Place(topic, partition(id), log.size()),
                Instant.ofEpochMilli(1_764_324_894_000L),
                Optional.of(id),
                List.of(new Leaf.Header("ce_id", Optional.of(new byte[] {1}))),
                Optional.of(value.getBytes(StandardCharsets.UTF_8))));
    }

    /** Closes a round: everything not yet covered becomes the next entry. {@code omitted}: left out of the index. */
    void entry(Optional<Leaf.Place> omitted) {
        List<Segment> segments = new ArrayList<>();
        List<IndexLine> lines = new ArrayList<>();
        for (TopicLine topic : TOPICS) {
            for (int partition = 0; partition < PARTITIONS; partition++) {
                List<Leaf> log = logs.getOrDefault(topic.topic() + "-" + partition, List.of());
                int first = (int) chain.end(topic.topic(), partition);
                if (first == log.size()) {
                    continue;
                }
                List<Leaf> leaves = log.subList(first, log.size());
                segments.add(new Segment(topic.topic(), partition, first, leaves.size(), root(leaves)));
                for (Leaf leaf : leaves) {
                    entryOf.put(leaf.place(), chain.size());
                    Leaf.Present present = (Leaf.Present) leaf;
                    if (topic.indexed() && !omitted.equals(Optional.of(leaf.place()))) {
                        indexes.get(partition).append(History.path(present.key().orElseThrow()), leaf.hash());
                    }
                }
            }
        }
        segments.stream()
                .filter(segment -> !segment.topic().equals("places"))
                .map(Segment::partition)
                .distinct()
                .sorted()
                .forEach(partition -> lines.add(line(partition)));
        List<IndexLine> all = new ArrayList<>(chain.indexes());
        while (all.size() < PARTITIONS) {
            all.add(IndexLine.empty(all.size()));
        }
        lines.forEach(line -> all.set(line.partition(), line));
        boolean first = chain.size() == 0;
        LedgerEntry entry = new LedgerEntry(
                chain.size(),
                chain.root(),
                1_764_324_900 + chain.size(),
                1_764_324_894_000L,
                first ? Optional.of(new Genesis(ORIGIN, "cluster", PARTITIONS, Optional.empty())) : Optional.empty(),
                first ? TOPICS : List.of(),
                first ? List.of(key.verifierKey(KeyType.ED25519).toString()) : List.of(),
                segments,
                lines,
                LedgerChain.indexesRoot(all));
        chain.append(entry);
        entries.add(entry);
    }

    private IndexLine line(int partition) {
        PrefixIndex index = indexes.get(partition);
        return new IndexLine(partition, index.keys(), index.root());
    }

    private static Hash root(List<Leaf> leaves) {
        return MerkleTree.root(leaves.stream().map(Leaf::hash).toList());
    }

    SignedNote checkpoint() {
        String text = new Checkpoint(ORIGIN, chain.size(), chain.root()).text();
        return new SignedNote(text, List.of(key.sign(text)));
    }

    Policy policy() {
        try {
            return Policy.parse("log " + key.verifierKey(KeyType.ED25519) + "\nquorum none\n");
        } catch (MalformedNote e) {
            throw new IllegalStateException(e);
        }
    }

    /** The bundle of a key as of the newest entry; the first record of {@code places} is its context. */
    EvidenceBundle bundle(int number) {
        byte[] id = id(number);
        int partition = partition(id);
        List<Proven> events = new ArrayList<>();
        for (TopicLine topic : TOPICS.subList(0, 2)) {
            logs.getOrDefault(topic.topic() + "-" + partition, List.of()).stream()
                    .filter(leaf -> leaf instanceof Leaf.Present present
                            && Arrays.equals(present.key().orElseThrow(), id))
                    .forEach(leaf -> events.add(proven(leaf)));
        }
        events.sort(Comparator.comparingLong(Proven::entry)
                .thenComparingInt(event -> event.place().topic().equals("consents") ? 0 : 1)
                .thenComparingLong(event -> event.place().offset()));
        List<Proven> context = logs.entrySet().stream()
                .filter(log -> log.getKey().startsWith("places-"))
                .limit(1)
                .map(log -> proven(log.getValue().get(0)))
                .toList();
        TreeMap<Long, Entry> needed = new TreeMap<>();
        List<Hash> hashes = entries.stream().map(LedgerEntry::hash).toList();
        List<Long> numbers = new ArrayList<>(List.of(0L, chain.size() - 1));
        events.forEach(event -> numbers.add(event.entry()));
        context.forEach(record -> numbers.add(record.entry()));
        numbers.forEach(entry -> needed.put(
                entry, new Entry(entries.get(entry.intValue()), MerkleTree.inclusionProof(entry.intValue(), hashes))));
        IndexProof proof = indexes.get(partition).prove(History.path(id));
        End end = proof.end() instanceof IndexProof.End.Other other
                ? new End.Other(other.path(), other.history())
                : proof.end() instanceof IndexProof.End.Empty ? new End.Empty() : new End.Key();
        Index index = new Index(
                chain.indexes().get(partition),
                MerkleTree.inclusionProof(
                        partition, chain.indexes().stream().map(IndexLine::hash).toList()),
                end,
                proof.siblings());
        return new EvidenceBundle(
                HexFormat.of().formatHex(id),
                partition,
                events.isEmpty() ? OptionalLong.empty() : OptionalLong.of(events.size()),
                events,
                context,
                List.copyOf(needed.values()),
                index,
                checkpoint());
    }

    private Proven proven(Leaf leaf) {
        Leaf.Place place = leaf.place();
        long entry = entryOf.getOrDefault(place, -1L);
        Segment segment = entries.get((int) entry).segmentOf(place).orElseThrow();
        List<Hash> hashes = logs
                .getOrDefault(place.topic() + "-" + place.partition(), List.of())
                .subList((int) segment.first(), (int) segment.end())
                .stream()
                .map(Leaf::hash)
                .toList();
        return new Proven(
                place, entry, leaf, MerkleTree.inclusionProof((int) (place.offset() - segment.first()), hashes));
    }

    List<Leaf> log(String topic, int partition) {
        return logs.getOrDefault(topic + "-" + partition, List.of());
    }

    /** Three rounds with forty keys: key 0 has five events in three entries, keys from 100 on have none. */
    static SampleLedger filled() {
        SampleLedger ledger = new SampleLedger();
        ledger.rounds(Optional.empty());
        return ledger;
    }

    void rounds(Optional<Leaf.Place> omitted) {
        for (int round = 0; round < 3; round++) {
            for (int key = 0; key < 40; key++) {
                if (key % (round + 1) == 0) {
                    record("consents", key, "consent " + key);
                }
                if (round > 0 && key % 2 == 0) {
                    record("handoffs", key, "handoff " + key + " " + round);
                }
            }
            record("places", round, "place " + round);
            entry(omitted);
        }
    }
}
