package org.brokerhandoff.embeddedkafka;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.kafka.common.Uuid;

/**
 * Several brokers, each in a separate JVM and a controller too, so that a test can take one away and the others continue. Their ids
 * count from 1. Internal topics have a replica on every broker; a cluster of three continues with two. Not safe for use by several
 * threads at once.
 */
public final class KafkaCluster implements AutoCloseable {
    private final Map<Integer, KafkaProcess> brokers;

    private KafkaCluster(Map<Integer, KafkaProcess> brokers) {
        this.brokers = brokers;
    }

    /**
     * Forks {@code size} brokers below {@code directory} and returns when all of them serve.
     *
     * @param brokerProperties properties that add to or replace those of {@link BrokerProperties}
     * @throws EmbeddedKafkaFailed as {@link KafkaProcess#start}
     */
    public static KafkaCluster start(Path directory, int size, Map<String, String> brokerProperties) {
        KafkaCluster cluster = new KafkaCluster(new TreeMap<>());
        try {
            List<Integer> controllerPorts = new ArrayList<>();
            while (controllerPorts.size() < size) {
                int port = LoopbackPorts.free();
                if (!controllerPorts.contains(port)) {
                    controllerPorts.add(port);
                }
            }
            String clusterId = Uuid.randomUuid().toString();
            Map<String, String> properties = new TreeMap<>(BrokerProperties.member(size));
            properties.putAll(brokerProperties);
            for (int nodeId = 1; nodeId <= size; nodeId++) {
                cluster.brokers.put(
                        nodeId,
                        KafkaProcess.startWithoutWaiting(EmbeddedKafkaSettings.in(directory.resolve("broker-" + nodeId))
                                .withBrokerProperties(properties)
                                .withMember(new ClusterMember(nodeId, clusterId, controllerPorts))));
            }
            cluster.brokers.values().forEach(KafkaProcess::awaitServing);
            return cluster;
        } catch (IOException | RuntimeException failure) {
            cluster.close();
            throw failure instanceof RuntimeException unchecked
                    ? unchecked
                    : new UncheckedIOException("cannot start a Kafka cluster", (IOException) failure);
        }
    }

    /** Addresses of all brokers for clients. */
    public String bootstrapServers() {
        return brokers.values().stream().map(KafkaProcess::bootstrapServers).collect(Collectors.joining(","));
    }

    /**
     * The broker of this id, to kill and to restart.
     *
     * @throws IllegalArgumentException if there is none
     */
    public KafkaProcess broker(int nodeId) {
        KafkaProcess broker = brokers.get(nodeId);
        if (broker == null) {
            throw new IllegalArgumentException("no broker " + nodeId + " among " + brokers.keySet());
        }
        return broker;
    }

    /** Where each broker keeps its topic partitions, by its id. */
    public Map<Integer, Path> logDirectories() {
        Map<Integer, Path> directories = new TreeMap<>();
        brokers.forEach((nodeId, broker) -> directories.put(nodeId, broker.logDirectory()));
        return directories;
    }

    /** Stops all brokers by force: in an orderly way the last ones would wait in vain for controllers that are gone. */
    @Override
    public void close() {
        brokers.values().forEach(KafkaProcess::kill);
    }
}
