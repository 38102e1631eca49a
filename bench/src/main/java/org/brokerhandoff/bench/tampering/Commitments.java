package org.brokerhandoff.bench.tampering;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.brokerhandoff.audit.verify.KeptRecord;
import org.brokerhandoff.bench.tampering.CopiedLog.Place;
import org.brokerhandoff.eventlog.LedgerTopic;
import org.brokerhandoff.eventlog.LedgerTopic.Statement;
import org.brokerhandoff.ledger.entry.EntryText;
import org.brokerhandoff.ledger.entry.Leaf;
import org.brokerhandoff.ledger.entry.LedgerEntry;
import org.brokerhandoff.ledger.entry.LedgerEntry.Segment;
import org.brokerhandoff.ledger.entry.MalformedEntry;
import org.brokerhandoff.ledger.merkle.Hash;
import org.brokerhandoff.ledger.merkle.MerkleTree;
import org.brokerhandoff.ledger.note.Checkpoint;
import org.brokerhandoff.ledger.note.MalformedNote;
import org.brokerhandoff.ledger.note.SignedNote;
import org.brokerhandoff.ledger.replay.LeafDigest;
import org.brokerhandoff.ledger.replay.Run;
import org.brokerhandoff.schemas.Topic;

/**
 * The commitments of a ledger's newest checkpoint: segments over the records of each partition, and the hash of each of their leaves, as
 * published by the builder.
 */
public final class Commitments {
    private final List<Segment> segments;
    private final Map<Segment, List<Hash>> hashes;

    private Commitments(List<Segment> segments, Map<Segment, List<Hash>> hashes) {
        this.segments = List.copyOf(segments);
        this.hashes = hashes;
    }

    /**
     * A record that differs from a checkpoint's commitment.
     *
     * @param segment such as {@code handoffs-3@120+40}: topic, partition, first offset and number of records
     * @param place of the first record in it that differs, or is missing
     */
    record Difference(String segment, String place) {}

    /**
     * Reads the ledger, and the leaf hashes from its folder; empty while there is no checkpoint.
     *
     * @throws IllegalStateException if the checkpoint does not match these entries, or an entry not these hashes
     */
    public static Optional<Commitments> read(LedgerTopic topic, Path folder) throws IOException {
        List<LedgerEntry> entries = new ArrayList<>();
        List<Checkpoint> heads = new ArrayList<>();
        try {
            for (List<Statement> next = topic.next(); !next.isEmpty(); next = topic.next()) {
                for (Statement statement : next) {
                    if (statement instanceof Statement.Entry entry) {
                        entries.add(EntryText.parse(entry.text().getBytes(StandardCharsets.UTF_8)));
                    } else if (statement instanceof Statement.Checkpoint head) {
                        heads.add(Checkpoint.parse(SignedNote.parse(head.note().getBytes(StandardCharsets.UTF_8))
                                .text()));
                    }
                }
            }
        } catch (MalformedEntry | MalformedNote e) {
            throw new IllegalStateException("the ledger is not one: " + e.getMessage());
        }
        if (heads.isEmpty()) {
            return Optional.empty();
        }
        Checkpoint newest = heads.get(heads.size() - 1);
        List<LedgerEntry> covered = entries.subList(0, (int) newest.size());
        if (!MerkleTree.root(covered.stream().map(LedgerEntry::hash).toList()).equals(newest.root())) {
            throw new IllegalStateException("the checkpoint is not of these entries");
        }
        List<Segment> segments =
                covered.stream().flatMap(entry -> entry.segments().stream()).toList();
        Map<Segment, List<Hash>> hashes = new HashMap<>();
        for (Segment segment : segments) {
            hashes.put(segment, hashes(folder, segment));
        }
        return Optional.of(new Commitments(segments, hashes));
    }

    private static List<Hash> hashes(Path folder, Segment segment) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(folder.resolve("segments")
                .resolve(segment.topic())
                .resolve(String.valueOf(segment.partition()))
                .resolve(String.valueOf(segment.first()))));
        List<Hash> found = new ArrayList<>();
        while (bytes.hasRemaining()) {
            byte[] hash = new byte[Hash.BYTES];
            bytes.get(hash);
            found.add(Hash.of(hash));
        }
        if (!MerkleTree.root(found).equals(segment.root())) {
            throw new IllegalStateException("the published hashes are not those of their segment");
        }
        return found;
    }

    /** Whether they cover every record of {@code log}. */
    public boolean cover(CopiedLog log) {
        Map<Place, Long> ends = new TreeMap<>();
        segments.forEach(segment -> ends.merge(place(segment), segment.end(), Math::max));
        return log.all().stream().allMatch(record -> ends.getOrDefault(Place.of(record), 0L) > record.offset());
    }

    /** Where {@code log} differs from the checkpoint's commitment, the first record of each segment. */
    List<Difference> differences(CopiedLog log) {
        List<Difference> found = new ArrayList<>();
        for (Segment segment : segments) {
            List<LeafDigest> leaves = leaves(log, segment);
            Run run = new Run(segment.topic(), segment.partition(), segment.first(), leaves);
            if (!run.segment().equals(segment)) {
                List<Hash> committed = Objects.requireNonNull(hashes.get(segment));
                int first = 0;
                while (leaves.get(first).hash().equals(committed.get(first))) {
                    first++;
                }
                String partition = segment.topic() + "-" + segment.partition();
                found.add(new Difference(
                        partition + "@" + segment.first() + "+" + segment.count(),
                        partition + "@" + (segment.first() + first)));
            }
        }
        return found;
    }

    private static List<LeafDigest> leaves(CopiedLog log, Segment segment) {
        Map<Long, KeptRecord> here = new HashMap<>();
        log.in(place(segment)).forEach(record -> here.put(record.offset(), record));
        List<LeafDigest> leaves = new ArrayList<>();
        for (long offset = segment.first(); offset < segment.end(); offset++) {
            KeptRecord record = here.get(offset);
            leaves.add(LeafDigest.of(
                    record == null
                            ? new Leaf.Nothing(new Leaf.Place(segment.topic(), segment.partition(), offset))
                            : record.stored()));
        }
        return leaves;
    }

    private static Place place(Segment segment) {
        return new Place(
                Topic.inLedger().stream()
                        .filter(topic -> topic.baseName().equals(segment.topic()))
                        .findFirst()
                        .orElseThrow(),
                segment.partition());
    }
}
