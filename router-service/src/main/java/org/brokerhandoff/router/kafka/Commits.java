package org.brokerhandoff.router.kafka;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Commits the finished prefix of each assigned partition. Poll thread only. */
final class Commits {
    private static final Logger LOG = LoggerFactory.getLogger(Commits.class);
    private static final Duration PERIOD = Duration.ofSeconds(1);

    private final Consumer<byte[], byte[]> consumer;
    private final Map<TopicPartition, AssignedPartition> assigned;
    private final Map<TopicPartition, Long> committed = new HashMap<>();
    private long nextNanos;

    /** Commits for the partitions that {@code assigned} has at that time. */
    Commits(Consumer<byte[], byte[]> consumer, Map<TopicPartition, AssignedPartition> assigned) {
        this.consumer = consumer;
        this.assigned = assigned;
    }

    /** Commits what has changed, once a second, without waiting for it. */
    void commitWhenDue() {
        long now = System.nanoTime();
        if (now - nextNanos >= 0) {
            nextNanos = now + PERIOD.toNanos();
            Map<TopicPartition, OffsetAndMetadata> offsets = changed(assigned.keySet());
            if (!offsets.isEmpty()) {
                consumer.commitAsync(offsets, (sent, failure) -> {
                    if (failure != null) {
                        LOG.warn(
                                "offsets were not committed: {}",
                                failure.getClass().getSimpleName());
                    }
                });
            }
        }
    }

    /** Commits what has changed, and waits for it a while. */
    void commit(Collection<TopicPartition> partitions) {
        Map<TopicPartition, OffsetAndMetadata> offsets = changed(partitions);
        try {
            if (!offsets.isEmpty()) {
                consumer.commitSync(offsets, Duration.ofSeconds(5));
            }
        } catch (KafkaException e) {
            // A hint that is missing costs some reading; a partition that is not let go would be purged by two routers.
            LOG.warn("offsets were not committed: {}", e.getClass().getSimpleName());
        }
    }

    void forget(TopicPartition partition) {
        committed.remove(partition);
    }

    private Map<TopicPartition, OffsetAndMetadata> changed(Collection<TopicPartition> partitions) {
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        for (TopicPartition partition : partitions) {
            AssignedPartition state = assigned.get(partition);
            if (state != null) {
                long prefix = state.tracker.completed().prefix();
                Long before = committed.put(partition, prefix);
                if (before == null || before != prefix) {
                    offsets.put(partition, new OffsetAndMetadata(prefix));
                }
            }
        }
        return offsets;
    }
}
