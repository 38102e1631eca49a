package org.brokerhandoff.ledgerservice.round;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.brokerhandoff.eventlog.KeptTopics;
import org.brokerhandoff.eventlog.LeafReader.Extent;
import org.brokerhandoff.eventlog.LeafReader.Place;
import org.brokerhandoff.ledger.entry.LedgerChain;
import org.brokerhandoff.ledger.entry.LedgerEntry.TopicLine;
import org.brokerhandoff.ledgerservice.round.Halt.Reason;
import org.brokerhandoff.schemas.Topic;

/** Whether the kept topics can still be those that the ledger commits to, as far as Kafka's metadata shows. */
public final class KeptTopicsCheck {
    private KeptTopicsCheck() {}

    /** The topics that a ledger covers, by its entry 0; each of them exists {@code now}. */
    public static List<TopicLine> lines(KeptTopics now) {
        return Topic.inLedger().stream()
                .map(topic -> new TopicLine(
                        topic.baseName(),
                        Objects.requireNonNull(now.topicIds().get(topic.baseName())),
                        topic.indexedByLedger()))
                .toList();
    }

    /**
     * Checks that the topics have the ids and the partitions stated by an entry.
     *
     * @throws Halt if not
     */
    public static void identity(int partitions, Iterable<TopicLine> topics, KeptTopics now) throws Halt {
        for (TopicLine line : topics) {
            String id = now.topicIds().get(line.topic());
            if (!line.topicId().equals(id)) {
                throw new Halt(
                        Reason.TOPIC_RECREATED,
                        "topic " + line.topic() + " had the id " + line.topicId() + ", and has "
                                + Optional.ofNullable(id).orElse("none"));
            }
            if (!Integer.valueOf(partitions).equals(now.partitions().get(line.topic()))) {
                throw new Halt(
                        Reason.PARTITIONS_CHANGED,
                        "topic " + line.topic() + " had " + partitions + " partitions, and has "
                                + now.partitions().get(line.topic()));
            }
        }
    }

    /**
     * Checks that what the ledger covers is still between the first and the last offset of every partition.
     *
     * @param starts first offsets when the leaves were last compared
     * @throws Halt if not
     */
    public static void extents(LedgerChain chain, Map<Place, Extent> now, Map<Place, Long> starts) throws Halt {
        for (Map.Entry<Place, Extent> each : now.entrySet()) {
            Place place = each.getKey();
            long end = chain.end(place.topic(), place.partition());
            if (each.getValue().end() < end) {
                throw changed(
                        place,
                        each.getValue().end(),
                        "it ends there, and the ledger covers offsets up to " + (end - 1));
            }
            long start = starts.getOrDefault(place, each.getValue().start());
            if (each.getValue().start() > start && start < end) {
                throw changed(
                        place,
                        start,
                        "records were cut away up to offset " + (each.getValue().start() - 1));
            }
        }
    }

    /** A kept topic differs from {@code offset} on. */
    public static Halt changed(Place place, long offset, String how) {
        return new Halt(Reason.KEPT_TOPIC_CHANGED, place.topic() + " " + place.partition() + " " + offset + ": " + how);
    }
}
