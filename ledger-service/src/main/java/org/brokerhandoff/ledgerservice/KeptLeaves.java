package org.brokerhandoff.ledgerservice;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.brokerhandoff.eventlog.EventLogUnavailable;
import org.brokerhandoff.eventlog.LeafReader;
import org.brokerhandoff.eventlog.LeafReader.Extent;
import org.brokerhandoff.eventlog.LeafReader.Place;
import org.brokerhandoff.eventlog.LogChanged;
import org.brokerhandoff.ledger.entry.LedgerChain;
import org.brokerhandoff.ledger.entry.LedgerEntry.Segment;
import org.brokerhandoff.ledger.merkle.Hash;
import org.brokerhandoff.ledger.replay.LeafDigest;
import org.brokerhandoff.ledger.replay.Run;
import org.brokerhandoff.ledgerservice.round.Halt;
import org.brokerhandoff.ledgerservice.round.KeptTopicsCheck;
import org.brokerhandoff.ledgerservice.round.RoundPlanner;
import org.brokerhandoff.ledgerservice.round.RoundPlanner.Waiting;
import org.brokerhandoff.ledgerservice.round.Tail;
import org.brokerhandoff.schemas.Topic;

/**
 * The leaves of the kept topics, with the evidence that a topic is still the one whose leaves are in the ledger: its first and last offsets,
 * and the last leaf of each partition. Not thread-safe.
 */
final class KeptLeaves implements AutoCloseable {
    private final LeafReader reader;
    private final int partitions;
    private final Map<Place, Long> starts = new HashMap<>();
    private final Map<Place, Long> ends = new HashMap<>();
    private final Map<Place, Hash> lastLeaves = new HashMap<>();
    private Map<Place, Extent> extents = Map.of();

    KeptLeaves(LeafReader reader, int partitions) {
        this.reader = reader;
        this.partitions = partitions;
    }

    /**
     * The leaves of a segment listed by an entry in the log.
     *
     * @throws Halt if the topic no longer has these offsets
     */
    Run run(Segment segment) throws Halt {
        Place place = new Place(segment.topic(), segment.partition());
        if (extent(place).end() < segment.end()) {
            extents = reader.extents();
        }
        if (extent(place).end() < segment.end()) {
            throw KeptTopicsCheck.changed(
                    place,
                    extent(place).end(),
                    "it ends there, and the ledger covers offsets up to " + (segment.end() - 1));
        }
        return read(place, segment.first(), segment.count());
    }

    private Extent extent(Place place) {
        return extents.getOrDefault(place, new Extent(0, 0));
    }

    private Run read(Place place, long first, int count) throws Halt {
        List<LeafDigest> leaves = new ArrayList<>(count);
        try {
            reader.read(place.topic(), place.partition(), first, count, leaf -> leaves.add(LeafDigest.of(leaf)));
        } catch (LogChanged e) {
            // Possibly another partition than the requested one: Kafka's client reports any whose leader has lost what
            // was read.
            Place lost = new Place(e.topic(), e.partition());
            if (e.endOffset() < ends.getOrDefault(lost, 0L)) {
                throw KeptTopicsCheck.changed(
                        lost, e.endOffset(), "it ends there, before the end that the ledger covers");
            }
            throw new EventLogUnavailable("records behind the ledger's end were lost; read again", e);
        }
        return new Run(place.topic(), place.partition(), first, leaves);
    }

    /** Records that these leaves are in the ledger now. */
    void covered(Run run) {
        Place place = new Place(run.topic(), run.partition());
        lastLeaves.put(place, run.leaves().get(run.leaves().size() - 1).hash());
        ends.put(place, run.first() + run.leaves().size());
        starts.putIfAbsent(place, extent(place).start());
    }

    /**
     * The leaves beyond the ledger's end in each partition, as many as the next entry can hold.
     *
     * @throws Halt if a topic is not the one whose leaves are in the ledger
     */
    List<Tail> tails(LedgerChain chain) throws Halt {
        extents = reader.extents();
        reader.rewind();
        KeptTopicsCheck.extents(chain, extents, starts);
        List<Waiting> waiting = new ArrayList<>();
        for (Topic topic : Topic.inLedger()) {
            for (int partition = 0; partition < partitions; partition++) {
                Place place = new Place(topic.baseName(), partition);
                long end = chain.end(place.topic(), partition);
                sameLastLeaf(place, end);
                waiting.add(
                        new Waiting(place.topic(), partition, end, extent(place).end()));
            }
        }
        Map<Waiting, Integer> shares = RoundPlanner.shares(waiting, chain.size());
        List<Tail> tails = new ArrayList<>();
        for (Waiting each : waiting) {
            Place place = new Place(each.topic(), each.partition());
            int share = shares.getOrDefault(each, 0);
            List<LeafDigest> leaves =
                    share == 0 ? List.of() : read(place, each.first(), share).leaves();
            tails.add(new Tail(each.topic(), each.partition(), each.first(), leaves, each.highWatermark()));
        }
        return tails;
    }

    /** A topic that was truncated and written to again has its old end, and another record there. */
    private void sameLastLeaf(Place place, long end) throws Halt {
        Hash last = lastLeaves.get(place);
        if (last == null) {
            return;
        }
        Hash now = read(place, end - 1, 1).leaves().get(0).hash();
        if (!now.equals(Objects.requireNonNull(last))) {
            throw KeptTopicsCheck.changed(place, end - 1, "the record there is not the one in the ledger");
        }
    }

    @Override
    public void close() {
        reader.close();
    }
}
