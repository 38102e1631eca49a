package org.brokerhandoff.audit.live;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartitionInfo;
import org.brokerhandoff.eventlog.KafkaClients;
import org.brokerhandoff.schemas.Topic;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Checks the replication of the topics every ten seconds, in a separate thread. */
final class ReplicaWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ReplicaWatch.class);
    private static final long BETWEEN_MILLIS = 10_000;

    private final KafkaClients clients;
    private final InstantSource clock;
    private final Thread thread = new Thread(this::watch, "audit-replicas");
    private volatile Optional<Replicas> newest = Optional.empty();

    private ReplicaWatch(KafkaClients clients, InstantSource clock) {
        this.clients = clients;
        this.clock = clock;
        thread.setDaemon(true);
    }

    static ReplicaWatch start(KafkaClients clients, InstantSource clock) {
        ReplicaWatch watch = new ReplicaWatch(clients, clock);
        watch.thread.start();
        return watch;
    }

    /** The last result; empty if there is none, or without permission. */
    Optional<Replicas> newest() {
        return newest;
    }

    private void watch() {
        try (Admin admin = clients.admin("handoff-audit-replicas")) {
            while (!Thread.currentThread().isInterrupted()) {
                look(admin);
                Thread.sleep(BETWEEN_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (KafkaException e) {
            LOG.warn("replicas cannot be looked at: {}", e.getClass().getName());
        }
    }

    private void look(Admin admin) throws InterruptedException {
        String prefix = clients.settings().topicPrefix();
        List<String> names = List.of(Topic.values()).stream()
                .filter(Topic::kept)
                .map(topic -> topic.name(prefix))
                .toList();
        List<TopicPartitionInfo> partitions = new ArrayList<>();
        for (var each : admin.describeTopics(names).topicNameValues().values()) {
            try {
                TopicDescription description = each.get(5, TimeUnit.SECONDS);
                partitions.addAll(description.partitions());
            } catch (ExecutionException | TimeoutException e) {
                // A topic that is missing, or not describable for this client: the others are reported.
                LOG.debug("a topic cannot be described: {}", e.getClass().getName());
            }
        }
        newest = partitions.isEmpty() ? Optional.empty() : Optional.of(replicas(partitions));
    }

    private Replicas replicas(List<TopicPartitionInfo> partitions) {
        return new Replicas(
                clock.instant(),
                partitions.size(),
                (int) partitions.stream()
                        .filter(each -> each.isr().size() < each.replicas().size())
                        .count(),
                partitions.stream()
                        .mapToInt(each -> each.replicas().size())
                        .min()
                        .orElse(0),
                partitions.stream()
                        .mapToInt(each -> each.replicas().size())
                        .max()
                        .orElse(0));
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
