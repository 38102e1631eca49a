package org.brokerhandoff.embeddedkafka;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * What an embedded broker needs to know.
 *
 * @param dataDirectory holds everything the broker keeps; created and formatted where it is new, reused where it is not
 * @param host address of this machine at which the broker listens and which it tells its clients; its controller keeps to 127.0.0.1
 * @param port TCP port of the broker's listener, or 0 to choose a free one
 * @param brokerProperties Kafka broker properties that add to or replace those of {@link BrokerProperties}
 * @param member its place in a cluster; empty for a broker that is its own controller. Only {@link KafkaCluster} makes others
 */
public record EmbeddedKafkaSettings(
        Path dataDirectory,
        String host,
        int port,
        Map<String, String> brokerProperties,
        Optional<ClusterMember> member) {
    static final String LOOPBACK = "127.0.0.1";

    public EmbeddedKafkaSettings {
        requireNonNull(dataDirectory, "dataDirectory");
        requireNonNull(host, "host");
        if (port < 0 || port > 65535) {
            throw new IllegalArgumentException("port must be between 0 and 65535, found " + port);
        }
        brokerProperties = Map.copyOf(brokerProperties);
    }

    /** A broker on a free port of 127.0.0.1 with the default properties. */
    public static EmbeddedKafkaSettings in(Path dataDirectory) {
        return new EmbeddedKafkaSettings(dataDirectory, LOOPBACK, 0, Map.of(), Optional.empty());
    }

    /** Listens at this address of the machine, for clients that cannot reach its loopback. */
    public EmbeddedKafkaSettings withHost(String host) {
        return new EmbeddedKafkaSettings(dataDirectory, host, port, brokerProperties, member);
    }

    public EmbeddedKafkaSettings withPort(int port) {
        return new EmbeddedKafkaSettings(dataDirectory, host, port, brokerProperties, member);
    }

    public EmbeddedKafkaSettings withBrokerProperties(Map<String, String> brokerProperties) {
        return new EmbeddedKafkaSettings(dataDirectory, host, port, brokerProperties, member);
    }

    EmbeddedKafkaSettings withMember(ClusterMember member) {
        return new EmbeddedKafkaSettings(dataDirectory, host, port, brokerProperties, Optional.of(member));
    }

    int nodeId() {
        return member.map(ClusterMember::nodeId).orElse(1);
    }
}
