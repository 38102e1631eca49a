package org.brokerhandoff.register;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.Admin;
import org.brokerhandoff.eventlog.Await;
import org.brokerhandoff.eventlog.EventReader;
import org.brokerhandoff.eventlog.KafkaClients;
import org.brokerhandoff.eventlog.UnknownSchema;
import org.brokerhandoff.schemas.EventCodec;
import org.brokerhandoff.schemas.Topic;

/** Rebuilds the register from the whole log. */
public final class RegisterRebuild {
    private static final int EVENTS_PER_BATCH = 5_000;
    private static final Duration KAFKA_LIMIT = Duration.ofSeconds(30);

    private RegisterRebuild() {}

    /** Receives the progress of a rebuild, between two transactions. */
    public interface Progress {
        /** {@code done} of {@code total} events are projected. */
        void at(long done, long total);
    }

    /**
     * What a rebuild projected.
     *
     * @param events events of the log
     * @param unreadable those of them that were skipped
     */
    public record Result(long events, long unreadable) {}

    /**
     * Projects everything up to the end of the log into separate tables, some thousand events per transaction, while the register keeps
     * serving; then swaps the tables in one transaction that first catches up with the log. If it ends early, the register is unchanged; the
     * next rebuild removes what was written. Of two concurrent rebuilds the one that began first fails.
     *
     * @throws RegisterUnavailable if the database fails
     * @throws UnknownSchema if an event was written by a newer version; the register is unchanged
     * @throws org.brokerhandoff.eventlog.EventLogUnavailable if Kafka does not answer
     */
    public static Result run(KafkaClients clients, EventCodec codec, Register register, Progress progress) {
        String cluster;
        try (Admin admin = clients.admin("handoff-register-rebuild")) {
            cluster = Await.result(admin.describeCluster().clusterId(), KAFKA_LIMIT, "Kafka does not answer");
        }
        try (EventReader reader = new EventReader(clients, codec, "handoff-register-rebuild")) {
            SortedMap<LogPartition, Long> starts = new TreeMap<>();
            long total = 0;
            for (LogPartition partition : Freshness.allPartitions(clients.settings())) {
                starts.put(partition, 0L);
                total += reader.endOffset(partition.topic(), partition.partition());
            }
            RegisterSuccessor successor = register.successor();
            successor.begin(new LogSource(cluster, clients.settings().topicPrefix()), starts);
            Replaying replaying = new Replaying(starts, total);
            long before;
            do {
                before = replaying.events;
                replaying.read(reader, (batch, steps) -> {
                    successor.write(batch, steps);
                    progress.at(
                            replaying.events + batch.events(),
                            Math.max(replaying.events + batch.events(), replaying.total));
                });
            } while (replaying.events - before >= EVENTS_PER_BATCH);
            successor.takeOver(writer -> replaying.read(reader, writer));
            return new Result(replaying.events, replaying.unreadable);
        }
    }

    private static final class Replaying {
        final SortedMap<LogPartition, Long> written;
        final SortedMap<LogPartition, Long> read;
        final long total;
        EventBatch batch = new EventBatch();
        long events;
        long unreadable;

        Replaying(SortedMap<LogPartition, Long> starts, long total) {
            this.written = new TreeMap<>(starts);
            this.read = new TreeMap<>(starts);
            this.total = total;
        }

        /** From the current position to the current end. */
        void read(EventReader reader, RegisterSuccessor.BatchWriter writer) {
            Map<Topic, SortedMap<Integer, Long>> from = new EnumMap<>(Topic.class);
            read.forEach((partition, next) -> from.computeIfAbsent(partition.topic(), unused -> new TreeMap<>())
                    .put(partition.partition(), next));
            reader.readFrom(from, event -> {
                // The swap would move the positions past it, and no projector would project it after its upgrade.
                UnknownSchema.requireKnown(event);
                read.put(new LogPartition(event.topic(), event.partition()), event.offset() + 1);
                batch.add(event.topic(), event.decoded());
                if (batch.events() == EVENTS_PER_BATCH) {
                    flush(writer);
                }
            });
            flush(writer);
        }

        private void flush(RegisterSuccessor.BatchWriter writer) {
            SortedMap<LogPartition, RegisterWriter.Step> steps = new TreeMap<>();
            read.forEach((partition, to) -> {
                long from = written.getOrDefault(partition, 0L);
                if (to > from) {
                    steps.put(partition, new RegisterWriter.Step(from, to));
                }
            });
            if (!steps.isEmpty()) {
                writer.write(batch, steps);
                written.putAll(read);
            }
            events += batch.events();
            unreadable += batch.unreadable();
            batch = new EventBatch();
        }
    }
}
