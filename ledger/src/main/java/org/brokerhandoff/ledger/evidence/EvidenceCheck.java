package org.brokerhandoff.ledger.evidence;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.brokerhandoff.ledger.entry.Leaf;
import org.brokerhandoff.ledger.entry.LedgerEntry;
import org.brokerhandoff.ledger.entry.LedgerEntry.Segment;
import org.brokerhandoff.ledger.entry.LedgerEntry.TopicLine;
import org.brokerhandoff.ledger.evidence.EvidenceBundle.End;
import org.brokerhandoff.ledger.evidence.EvidenceBundle.Entry;
import org.brokerhandoff.ledger.evidence.EvidenceBundle.Proven;
import org.brokerhandoff.ledger.index.History;
import org.brokerhandoff.ledger.index.IndexProof;
import org.brokerhandoff.ledger.merkle.Hash;
import org.brokerhandoff.ledger.merkle.MerkleProofs;
import org.brokerhandoff.ledger.note.Checkpoint;
import org.brokerhandoff.ledger.note.Judgement;
import org.brokerhandoff.ledger.note.Policy;

/**
 * Verifies an evidence bundle offline. The checkpoint commits to its newest entry, that entry to one index root for each partition, and the
 * bits of the key lead from that root to one node, which binds number and order of the key's leaves: so under one checkpoint only one list of
 * events can be shown. Auditors and witnesses that recompute the index vouch that the list is the right one; docs/transparency.md has the
 * argument.
 */
public final class EvidenceCheck {
    /** Signup ids and visitor ids are keys of 16 bytes, which Kafka's default partitioner places. */
    private static final int ID_BYTES = 16;

    private final EvidenceBundle bundle;
    private final Checkpoint checkpoint;
    private final Map<Long, LedgerEntry> entries = new HashMap<>();
    private final List<TopicLine> topics = new ArrayList<>();

    private EvidenceCheck(EvidenceBundle bundle, Checkpoint checkpoint) {
        this.bundle = bundle;
        this.checkpoint = checkpoint;
    }

    /** The verdict on {@code bytes} under the trust policy {@code policy}. */
    public static Verdict check(byte[] bytes, Policy policy) {
        EvidenceBundle bundle;
        try {
            bundle = EvidenceText.parse(bytes);
        } catch (UnreadableEvidence e) {
            String reason = String.valueOf(e.getMessage());
            return e.isNewer() ? new Verdict.Undecided(reason) : new Verdict.Fails(reason);
        }
        Judgement judgement = policy.judge(bundle.checkpoint());
        if (judgement instanceof Judgement.Rejected rejected) {
            return new Verdict.Fails("checkpoint: " + rejected.reason());
        } else if (judgement instanceof Judgement.Undecided undecided) {
            return new Verdict.Undecided("checkpoint: " + undecided.reason());
        }
        Judgement.Accepted head = (Judgement.Accepted) judgement;
        Optional<String> objection = new EvidenceCheck(bundle, head.checkpoint()).objection();
        if (objection.isPresent()) {
            return new Verdict.Fails(objection.get());
        }
        return new Verdict.Holds(
                head,
                bundle.events().stream()
                        .map(event -> (Leaf.Present) event.leaf())
                        .toList(),
                bundle.context().stream().map(Proven::leaf).toList());
    }

    private Optional<String> objection() {
        return entriesObjection()
                .or(this::partitionObjection)
                .or(this::leavesObjection)
                .or(this::orderObjection)
                .or(this::indexObjection);
    }

    private Optional<String> entriesObjection() {
        Set<Long> needed = new HashSet<>(List.of(0L, checkpoint.size() - 1));
        bundle.events().forEach(event -> needed.add(event.entry()));
        bundle.context().forEach(record -> needed.add(record.entry()));
        long last = -1;
        for (Entry proven : bundle.entries()) {
            LedgerEntry entry = proven.entry();
            if (entry.number() <= last) {
                return Optional.of("entries do not ascend");
            }
            last = entry.number();
            if (!MerkleProofs.includes(
                    entry.number(), checkpoint.size(), entry.hash(), proven.inclusion(), checkpoint.root())) {
                return Optional.of("entry " + entry.number() + " is not in the checkpoint's tree");
            }
            entries.put(entry.number(), entry);
            topics.addAll(entry.topics());
        }
        if (!entries.keySet().equals(needed)) {
            return Optional.of("the entries are not exactly the first, the newest, and those that hold the events");
        }
        // A tree of this origin starts with an entry that names it.
        return entry(0).genesis()
                        .filter(start -> start.origin().equals(checkpoint.origin()))
                        .isPresent()
                ? Optional.empty()
                : Optional.of("entry 0 is of another ledger than the checkpoint");
    }

    /** One of the entries whose presence {@link #entriesObjection} established. */
    private LedgerEntry entry(long number) {
        return Optional.ofNullable(entries.get(number)).orElseThrow();
    }

    private int partitions() {
        return entry(0).genesis().orElseThrow().partitions();
    }

    private Optional<String> partitionObjection() {
        byte[] key = bundle.keyBytes();
        if (bundle.partition() >= partitions()
                || (key.length == ID_BYTES && KafkaPartition.of(key, partitions()) != bundle.partition())) {
            return Optional.of("the key does not belong to partition " + bundle.partition());
        }
        return Optional.empty();
    }

    private Optional<String> leavesObjection() {
        for (Proven event : bundle.events()) {
            Optional<String> objection = leafObjection("event", event);
            if (objection.isPresent()) {
                return objection;
            }
            boolean ofThisKey = event.leaf() instanceof Leaf.Present record
                    && record.key()
                            .filter(key -> Arrays.equals(key, bundle.keyBytes()))
                            .isPresent();
            boolean indexed = topics.stream()
                    .anyMatch(topic -> topic.topic().equals(event.place().topic()) && topic.indexed());
            if (!ofThisKey || !indexed || event.place().partition() != bundle.partition()) {
                return Optional.of(at("event", event) + " is not an indexed event of this key");
            }
        }
        for (Proven record : bundle.context()) {
            Optional<String> objection = leafObjection("context", record);
            if (objection.isPresent()) {
                return objection;
            }
        }
        return Optional.empty();
    }

    private static String at(String kind, Proven proven) {
        Leaf.Place place = proven.place();
        return kind + " " + place.topic() + "-" + place.partition() + "@" + place.offset();
    }

    private Optional<String> leafObjection(String kind, Proven proven) {
        Leaf.Place place = proven.place();
        if (!proven.leaf().place().equals(place)) {
            return Optional.of(at(kind, proven) + " is a leaf of another place");
        }
        Optional<Segment> segment = entry(proven.entry()).segmentOf(place);
        if (segment.isEmpty()) {
            return Optional.of(at(kind, proven) + " is in no segment of entry " + proven.entry());
        }
        Hash root = segment.get().root();
        return MerkleProofs.includes(
                        place.offset() - segment.get().first(),
                        segment.get().count(),
                        proven.leaf().hash(),
                        proven.inclusion(),
                        root)
                ? Optional.empty()
                : Optional.of(at(kind, proven) + " is not in its segment");
    }

    /** Events follow the order in which the index chains them: entry, then topic, then offset. */
    private Optional<String> orderObjection() {
        List<String> order = topics.stream().map(TopicLine::topic).toList();
        Proven before = null;
        for (Proven event : bundle.events()) {
            if (before != null && !ascends(order, before, event)) {
                return Optional.of(at("event", event) + " is out of order or repeated");
            }
            before = event;
        }
        if (bundle.present().isPresent()
                ? bundle.present().getAsLong() != bundle.events().size()
                        || bundle.events().isEmpty()
                : !bundle.events().isEmpty()) {
            return Optional.of("the number of events is not the one that is claimed");
        }
        return Optional.empty();
    }

    private static boolean ascends(List<String> order, Proven before, Proven event) {
        if (before.entry() != event.entry()) {
            return before.entry() < event.entry();
        }
        int topic = Integer.compare(
                order.indexOf(before.place().topic()),
                order.indexOf(event.place().topic()));
        return topic < 0
                || (topic == 0 && before.place().offset() < event.place().offset());
    }

    private Optional<String> indexObjection() {
        EvidenceBundle.Index index = bundle.index();
        if (index.line().partition() != bundle.partition()
                || !MerkleProofs.includes(
                        bundle.partition(),
                        partitions(),
                        index.line().hash(),
                        index.inclusion(),
                        entry(checkpoint.size() - 1).indexesRoot())) {
            return Optional.of("the index line is not that of the newest entry");
        }
        History history = History.NONE;
        for (Proven event : bundle.events()) {
            history = history.append(event.leaf().hash());
        }
        IndexProof.End end;
        if (index.end() instanceof End.Key) {
            end = new IndexProof.End.Present(history);
        } else if (index.end() instanceof End.Other other) {
            end = new IndexProof.End.Other(other.path(), other.history());
        } else {
            end = new IndexProof.End.Empty();
        }
        Optional<History> proven = new IndexProof(end, index.siblings())
                .history(History.path(bundle.keyBytes()), index.line().root());
        return proven.filter(history::equals).isPresent()
                ? Optional.empty()
                : Optional.of("the index does not commit to these events and no others");
    }
}
