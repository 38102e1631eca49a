package org.brokerhandoff.register;

import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Health of the projection: written by the projecting thread, read by any thread. Logs changes. */
final class ProjectionHealth {
    private static final Logger LOG = LoggerFactory.getLogger(ProjectionHealth.class);

    /** Partitions stopped at an event of a newer version, with the reason. */
    private final Map<TopicPartition, RegisterHealth.Interrupted> stopped = new ConcurrentHashMap<>();

    private volatile RegisterHealth projection = new RegisterHealth.Starting();

    /** The current health. */
    RegisterHealth current() {
        RegisterHealth current = projection;
        if (!(current instanceof RegisterHealth.Following)) {
            return current;
        }
        return stopped.values().stream()
                .min(Comparator.comparing(RegisterHealth.Interrupted::since))
                .<RegisterHealth>map(stopping -> stopping)
                .orElse(current);
    }

    /** Partitions were assigned. */
    void following() {
        if (!(projection instanceof RegisterHealth.Following)) {
            LOG.info("the register follows the log");
            projection = new RegisterHealth.Following(0);
        }
    }

    /** Records a failure. Returns whether it is the first after a healthy state. */
    boolean interrupted(RuntimeException failure) {
        Throwable cause = failure;
        while (!(cause instanceof RegisterUnavailable || cause instanceof ForeignRegister)
                && cause.getCause() != null) {
            cause = cause.getCause();
        }
        // Kafka's exceptions may quote a record; ours name only a kind of failure.
        String reason = cause instanceof RegisterUnavailable || cause instanceof ForeignRegister
                ? String.valueOf(cause.getMessage())
                : cause.getClass().getSimpleName();
        if (projection instanceof RegisterHealth.Interrupted earlier) {
            projection = new RegisterHealth.Interrupted(earlier.since(), reason);
            return false;
        }
        LOG.warn("the register does not follow the log, retrying: {}", reason);
        projection = new RegisterHealth.Interrupted(Instant.now(), reason);
        return true;
    }

    /** The projection ends. */
    void ended() {
        projection = new RegisterHealth.Interrupted(Instant.now(), "ended");
    }

    /** Records that a partition is not projected further. */
    void stopped(TopicPartition partition, String reason) {
        if (stopped.put(partition, new RegisterHealth.Interrupted(Instant.now(), reason)) == null) {
            LOG.warn("the register is stuck in {}: {}", partition, reason);
        }
    }

    /** Partitions were revoked. */
    void revoked(Collection<TopicPartition> partitions) {
        stopped.keySet().removeAll(List.copyOf(partitions));
    }

    /** All partitions were released. */
    void revokedAll() {
        stopped.clear();
    }
}
