package org.brokerhandoff.embeddedkafka;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * What an embedded broker needs to know.
 *
 * @param dataDirectory holds everything the broker keeps; created and formatted where it is new, reused where it is not
 * @param port TCP port of the broker's listener on 127.0.0.1, or 0 to choose a free one
 * @param brokerProperties Kafka broker properties that add to or replace those of {@link BrokerProperties}
 * @param member its place in a cluster; empty for a broker that is its own controller. Only {@link KafkaCluster} makes others
 */
public record EmbeddedKafkaSettings(
        Path dataDirectory, int port, Map<String, String> brokerProperties, Optional<ClusterMember> member) {

    public EmbeddedKafkaSettings {
        requireNonNull(dataDirectory, "dataDirectory");
        if (port < 0 || port > 65535) {
            throw new IllegalArgumentException("port must be between 0 and 65535, found " + port);
        }
        brokerProperties = Map.copyOf(brokerProperties);
    }

    /** A broker on a free port with the default properties. */
    public static EmbeddedKafkaSettings in(Path dataDirectory) {
        return new EmbeddedKafkaSettings(dataDirectory, 0, Map.of(), Optional.empty());
    }

    public EmbeddedKafkaSettings withPort(int port) {
        return new EmbeddedKafkaSettings(dataDirectory, port, brokerProperties, member);
    }

    public EmbeddedKafkaSettings withBrokerProperties(Map<String, String> brokerProperties) {
        return new EmbeddedKafkaSettings(dataDirectory, port, brokerProperties, member);
    }

    EmbeddedKafkaSettings withMember(ClusterMember member) {
        return new EmbeddedKafkaSettings(dataDirectory, port, brokerProperties, Optional.of(member));
    }

    int nodeId() {
        return member.map(ClusterMember::nodeId).orElse(1);
    }
}
