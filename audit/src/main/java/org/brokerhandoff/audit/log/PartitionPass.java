package org.brokerhandoff.audit.log;

import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import java.util.function.LongConsumer;
import org.brokerhandoff.audit.ledger.LedgerAudit;
import org.brokerhandoff.audit.ledger.PartitionLedger;
import org.brokerhandoff.audit.ledger.PartitionLedger.PublishedLeaves;
import org.brokerhandoff.audit.state.AuditState;
import org.brokerhandoff.audit.state.Continuation;
import org.brokerhandoff.audit.state.StateDisagrees;
import org.brokerhandoff.audit.verify.Extent;
import org.brokerhandoff.audit.verify.KeptRecord;
import org.brokerhandoff.audit.verify.LeavesDigest;
import org.brokerhandoff.audit.verify.LogRead;
import org.brokerhandoff.audit.verify.PartitionAudit;
import org.brokerhandoff.eventlog.KafkaClients;
import org.brokerhandoff.eventlog.LeafReader;
import org.brokerhandoff.ledger.entry.Leaf;
import org.brokerhandoff.ledger.entry.LedgerEntry;
import org.brokerhandoff.ledger.entry.LedgerEntry.IndexLine;
import org.brokerhandoff.ledger.entry.LedgerEntry.Segment;
import org.brokerhandoff.ledger.merkle.Hash;
import org.brokerhandoff.schemas.EventCodec;
import org.brokerhandoff.schemas.Topic;

/**
 * Reads one partition number of the kept topics once from start to end: in step with the entries of the ledger, then the uncommitted rest.
 * Single use, for one thread.
 */
public final class PartitionPass {
    private final KafkaClients clients;
    private final EventCodec codec;
    private final KeptLog log;
    private final int partition;
    private final PartitionAudit audit;
    private final LongConsumer progress;
    private final Map<Topic, Reading> readings = new EnumMap<>(Topic.class);

    /** Read position in a topic. */
    private static final class Reading {
        private final LeavesDigest digest = new LeavesDigest();
        private long next;
        /** Of the preceding leaf. */
        private Hash last = Hash.ZERO;
    }

    /**
     * A pass over {@code partition} of {@code log}.
     *
     * @param audit receives the records
     * @param progress called every few hundred records with their number
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

    /**
     * What was read, and how much of it the ledger has not yet committed to.
     *
     * @param asCommitted whether the committed part matches the ledger
     */
    public record Read(List<LogRead.Partition> topics, long notCommitted, boolean asCommitted) {
        /** Copies the list. */
        public Read {
            topics = List.copyOf(topics);
        }
    }

    /**
     * Reads.
     *
     * @param ledger to recompute; empty: there is none
     * @param published leaf hashes of the ledger's segments
     * @param promise time within which a record must be committed
     * @param memory for the index of the partition
     * @param continuation start state, and what to save
     * @throws StateDisagrees if the log does not extend the one verified before
     */
    public Read run(
            Optional<LedgerAudit> ledger,
            PublishedLeaves published,
            Duration promise,
            IntFunction<ByteBuffer> memory,
            Continuation continuation) {
        PartitionLedger recomputed = new PartitionLedger(partition, published, memory, audit::add);
        try (LeafReader leaves =
                new LeafReader(clients, "handoff-audit-" + partition, Topic.inLedger(), List.of(partition))) {
            continuation
                    .from()
                    .ifPresent(state ->
                            restore(state, recomputed, ledger.orElseThrow().verifiedIndex(partition), leaves));
            ledger.ifPresent(all -> all.forEachEntry(continuation.first(), entry -> {
                entry(entry, leaves, recomputed);
                if (continuation.saves() && entry.number() + 1 == continuation.until()) {
                    save(continuation.part(partition), recomputed, leaves);
                }
            }));
            List<LogRead.Partition> read = new ArrayList<>();
            for (Topic topic : Topic.inLedger()) {
                long end = log.end(topic, partition);
                read(leaves, topic, end, ledger.isPresent() ? recomputed::takeNotCommitted : leaf -> {});
                recomputed.end(topic.baseName(), audit.now(), promise);
                Reading reading = reading(topic);
                audit.add(new Extent(topic, partition, end, reading.digest.records()));
                read.add(new LogRead.Partition(topic, partition, end, reading.digest.hex()));
                publications(leaves, topic, end);
            }
            return new Read(read, recomputed.notCommitted(), recomputed.holds());
        }
    }

    private void save(Path part, PartitionLedger recomputed, LeafReader leaves) {
        try (DataOutputStream out = new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(part)))) {
            for (Topic topic : Topic.inLedger()) {
                Reading reading = reading(topic);
                out.writeLong(start(topic, leaves));
                out.writeLong(reading.next);
                out.write(reading.last.bytes());
                reading.digest.save(out);
            }
            recomputed.save(out);
            audit.save(out);
        } catch (IOException e) {
            throw new UncheckedIOException(part + " cannot be written", e);
        }
    }

    private long start(Topic topic, LeafReader leaves) {
        LeafReader.Extent extent = leaves.extents().get(new LeafReader.Place(topic.baseName(), partition));
        return Objects.requireNonNull(extent).start();
    }

    /** Verified records are not read again, except the last one of each topic: if the log was truncated and rewritten, that one differs. */
    private void restore(AuditState state, PartitionLedger recomputed, IndexLine index, LeafReader leaves) {
        try (DataInputStream in = state.part(partition)) {
            for (Topic topic : Topic.inLedger()) {
                Reading reading = reading(topic);
                long start = in.readLong();
                reading.next = in.readLong();
                reading.last = Hash.of(in.readNBytes(Hash.BYTES));
                reading.digest.restore(in);
                String place = "topic " + topic.baseName() + ", partition " + partition;
                if (log.end(topic, partition) < reading.next) {
                    throw new StateDisagrees(
                            place + " ends before offset " + reading.next + ", up to which it was verified");
                }
                if (start(topic, leaves) != start) {
                    throw new StateDisagrees(place + " no longer begins at offset " + start + "");
                }
                if (reading.next > 0) {
                    leaves.read(topic.baseName(), partition, reading.next - 1, 1, leaf -> {
                        if (!leaf.hash().equals(reading.last)) {
                            throw new StateDisagrees(place + " has another record at offset " + (reading.next - 1)
                                    + " than was verified");
                        }
                    });
                }
            }
            recomputed.restore(in, index);
            audit.restore(in, codec);
        } catch (IOException e) {
            throw new UncheckedIOException("the state cannot be used: " + e.getMessage(), e);
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
            reading.last = leaf.hash();
            if (leaf instanceof Leaf.Present stored) {
                reading.digest.add(stored);
                audit.add(KeptRecord.of(topic, stored, appendedByBroker, codec));
            }
            reading.next++;
            if (reading.next % 500 == 0) {
                progress.accept(500);
            }
        });
    }

    /** Records appended during the read may publish what earlier records name. */
    private void publications(LeafReader leaves, Topic topic, long end) {
        long behind = log.publicationEnd(topic, partition) - end;
        leaves.readStored(topic.baseName(), partition, end, Math.max(0, behind), (leaf, appendedByBroker) -> {
            if (leaf instanceof Leaf.Present stored) {
                KeptRecord.of(topic, stored, appendedByBroker, codec).event().ifPresent(audit::publish);
            }
        });
    }
}
