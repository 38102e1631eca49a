package org.brokerhandoff.register;

import java.sql.SQLException;
import java.time.Duration;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.Admin;
import org.brokerhandoff.eventlog.Await;
import org.brokerhandoff.eventlog.EventReader;
import org.brokerhandoff.eventlog.KafkaClients;
import org.brokerhandoff.schemas.EventCodec;

/** Makes the register anew from the whole log. */
public final class RegisterRebuild {
    private static final int EVENTS_PER_BATCH = 5_000;
    private static final Duration KAFKA_LIMIT = Duration.ofSeconds(30);

    private RegisterRebuild() {}

    /** Hears how far a rebuild is. */
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
     * Drops all rows and positions and projects everything up to the end of the log as it is now, in one transaction: until it is
     * done the old rows are answered from, and if it ends early they stay. Projectors may run meanwhile; they wait.
     *
     * @throws RegisterUnavailable if the database fails
     * @throws org.brokerhandoff.eventlog.EventLogUnavailable if Kafka does not answer
     */
    public static Result run(KafkaClients clients, EventCodec codec, Register register, Progress progress) {
        String cluster;
        try (Admin admin = clients.admin("handoff-register-rebuild")) {
            cluster = Await.result(admin.describeCluster().clusterId(), KAFKA_LIMIT, "Kafka does not answer");
        }
        try (EventReader reader = new EventReader(clients, codec, "handoff-register-rebuild")) {
            SortedMap<LogPartition, Long> positions = new TreeMap<>();
            long total = 0;
            for (LogPartition partition : Freshness.allPartitions(clients.settings())) {
                positions.put(partition, 0L);
                total += reader.endOffset(partition.topic(), partition.partition());
            }
            Replaying replaying = new Replaying(total, progress);
            register.replace(new LogSource(cluster, clients.settings().topicPrefix()), batches -> {
                reader.readAll(Register.keptTopics(), event -> {
                    positions.put(new LogPartition(event.topic(), event.partition()), event.offset() + 1);
                    replaying.batch.add(event.topic(), event.decoded());
                    if (replaying.batch.events() == EVENTS_PER_BATCH) {
                        replaying.flush(batches);
                    }
                });
                replaying.flush(batches);
                return positions;
            });
            return new Result(replaying.events, replaying.unreadable);
        }
    }

    private static final class Replaying {
        final long total;
        final Progress progress;
        EventBatch batch = new EventBatch();
        long events;
        long unreadable;

        Replaying(long total, Progress progress) {
            this.total = total;
            this.progress = progress;
        }

        void flush(Register.BatchWriter batches) {
            try {
                batches.write(batch);
            } catch (SQLException e) {
                throw new RegisterUnavailable("events cannot be written", e);
            }
            events += batch.events();
            unreadable += batch.unreadable();
            batch = new EventBatch();
            progress.at(events, Math.max(events, total));
        }
    }
}
