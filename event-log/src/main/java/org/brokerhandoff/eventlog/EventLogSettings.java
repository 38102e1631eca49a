package org.brokerhandoff.eventlog;

import java.time.Duration;
import java.util.Map;

/**
 * Where the event log is and how its topics are made.
 *
 * @param bootstrapServers Kafka's {@code bootstrap.servers}
 * @param clientProperties further client properties (TLS, SASL); they win over ours
 * @param topicPrefix stands before every topic name, may be empty
 * @param partitions partitions of every topic
 * @param replicationFactor replicas of every partition
 * @param maximumHold the longest time a signup may be held; retention of the topics with sealed data
 */
public record EventLogSettings(
        String bootstrapServers,
        Map<String, String> clientProperties,
        String topicPrefix,
        int partitions,
        int replicationFactor,
        Duration maximumHold) {
    /** Copies the properties. */
    public EventLogSettings {
        clientProperties = Map.copyOf(clientProperties);
    }

    /** Does not print {@code clientProperties}, which may hold passwords. */
    @Override
    public String toString() {
        return "EventLogSettings[" + bootstrapServers + ", prefix '" + topicPrefix + "', " + partitions
                + " partitions]";
    }
}
