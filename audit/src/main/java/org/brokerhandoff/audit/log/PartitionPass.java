package org.brokerhandoff.audit.log;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import java.util.function.LongConsumer;
import org.brokerhandoff.audit.ledger.LedgerAudit;
import org.brokerhandoff.audit.ledger.PartitionLedger;
import org.brokerhandoff.audit.ledger.PartitionLedger.PublishedLeaves;
import org.brokerhandoff.audit.verify.Extent;
import org.brokerhandoff.audit.verify.KeptRecord;
import org.brokerhandoff.audit.verify.LogRead;
import org.brokerhandoff.audit.verify.PartitionAudit;
import org.brokerhandoff.eventlog.KafkaClients;
import org.brokerhandoff.eventlog.LeafReader;
import org.brokerhandoff.ledger.entry.Leaf;
import org.brokerhandoff.ledger.entry.LedgerEntry;
import org.brokerhandoff.ledger.entry.LedgerEntry.Segment;
import org.brokerhandoff.schemas.Digests;
import org.brokerhandoff.schemas.EventCodec;
import org.brokerhandoff.schemas.Topic;

/**
 * Reads one partition number of the kept topics from the first record to the last, once: in step with the entries of the ledger, then what it
 * does not commit to yet. Single use, for one thread.
 */
public final class PartitionPass {
    private final KafkaClients clients;
    private final EventCodec codec;
    private final KeptLog log;
    private final int partition;
    private final PartitionAudit audit;
    private final LongConsumer progress;
    private final Map<Topic, Reading> readings = new EnumMap<>(Topic.class);

    /** How far a topic was read. */
    private static final class Reading {
        private final MessageDigest digest = Digests.sha256();
        private long next;
        private long records;
    }

    /**
     * A pass over {@code partition} of {@code log}.
     *
     * @param audit takes in what is read
     * @param progress hears of each some hundred records how many more were read
     */
    public PartitionPass(
            KafkaClients clients,
            EventCodec codec,
            KeptLog log,
            int partition,
            PartitionAudit audit,
            LongConsumer progress) {
        this.clients = clients;
        this.codec = codec;
        this.log = log;
        this.partition = partition;
        this.audit = audit;
        this.progress = progress;
        Topic.inLedger().forEach(topic -> readings.put(topic, new Reading()));
    }

    /** What was read, and how much of it the ledger does not commit to yet. */
    public record Read(List<LogRead.Partition> topics, long notCommitted) {
        /** Copies the list. */
        public Read {
            topics = List.copyOf(topics);
        }
    }

    /**
     * Reads.
     *
     * @param ledger to compute anew; empty: there is none
     * @param published leaf hashes of the ledger's segments
     * @param promise time within which a record is committed to
     * @param memory for the index of the partition
     */
    public Read run(
            Optional<LedgerAudit> ledger, PublishedLeaves published, Duration promise, IntFunction<ByteBuffer> memory) {
        PartitionLedger recomputed = new PartitionLedger(partition, published, memory, audit::add);
        try (LeafReader leaves =
                new LeafReader(clients, "handoff-audit-" + partition, Topic.inLedger(), List.of(partition))) {
            ledger.ifPresent(all -> all.forEachEntry(entry -> entry(entry, leaves, recomputed)));
            List<LogRead.Partition> read = new ArrayList<>();
            for (Topic topic : Topic.inLedger()) {
                long end = log.end(topic, partition);
                read(leaves, topic, end, ledger.isPresent() ? recomputed::takeNotCommitted : leaf -> {});
                recomputed.end(topic.baseName(), audit.now(), promise);
                Reading reading = reading(topic);
                audit.add(new Extent(topic, partition, end, reading.records));
                read.add(new LogRead.Partition(
                        topic, partition, end, HexFormat.of().formatHex(reading.digest.digest())));
                publications(leaves, topic, end);
            }
            return new Read(read, recomputed.notCommitted());
        }
    }

    private void entry(LedgerEntry entry, LeafReader leaves, PartitionLedger recomputed) {
        recomputed.begin(entry);
        for (Segment segment : entry.segments()) {
            Optional<Topic> topic = Topic.inLedger().stream()
                    .filter(each -> each.baseName().equals(segment.topic()))
                    .findFirst();
            if (segment.partition() == partition && topic.isPresent()) {
                long end = Math.min(segment.end(), log.end(topic.get(), partition));
                read(leaves, topic.get(), end, recomputed::take);
                recomputed.end(segment);
            }
        }
        recomputed.end(entry);
    }

    private Reading reading(Topic topic) {
        Reading reading = readings.get(topic);
        if (reading == null) {
            throw new IllegalArgumentException(topic + " is not in the ledger");
        }
        return reading;
    }

    private void read(LeafReader leaves, Topic topic, long end, Consumer<Leaf> committed) {
        Reading reading = reading(topic);
        long before = reading.next;
        leaves.readStored(topic.baseName(), partition, before, Math.max(0, end - before), (leaf, appendedByBroker) -> {
            committed.accept(leaf);
            if (leaf instanceof Leaf.Present stored) {
                reading.records++;
                reading.digest.update(stored.hash().bytes());
                audit.add(KeptRecord.of(topic, stored, appendedByBroker, codec));
            }
            reading.next++;
            if (reading.next % 500 == 0) {
                progress.accept(500);
            }
        });
    }

    /** What came while the log was read may publish what was named in it. */
    private void publications(LeafReader leaves, Topic topic, long end) {
        long behind = log.publicationEnd(topic, partition) - end;
        leaves.readStored(topic.baseName(), partition, end, Math.max(0, behind), (leaf, appendedByBroker) -> {
            if (leaf instanceof Leaf.Present stored) {
                KeptRecord.of(topic, stored, appendedByBroker, codec).event().ifPresent(audit::publish);
            }
        });
    }
}
