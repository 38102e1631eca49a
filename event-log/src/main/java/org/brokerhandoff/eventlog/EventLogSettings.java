package org.brokerhandoff.eventlog;

import java.time.Duration;
import java.util.Map;
import org.brokerhandoff.operations.configuration.Settings;

/**
 * Location of the event log and properties of its topics.
 *
 * @param bootstrapServers Kafka's {@code bootstrap.servers}
 * @param clientProperties further client properties (TLS, SASL), which take precedence over ours
 * @param topicPrefix prefix of every topic name, may be empty
 * @param partitions partitions of every topic
 * @param replicationFactor replicas of every partition
 * @param maximumHold the longest time a signup may be held; retention of the topics with sealed data
 * @param installation the installation's name, which is part of every event
 */
public record EventLogSettings(
        String bootstrapServers,
        Map<String, String> clientProperties,
        String topicPrefix,
        int partitions,
        int replicationFactor,
        Duration maximumHold,
        String installation) {
    /** For an installation without a name. */
    public EventLogSettings(
            String bootstrapServers,
            Map<String, String> clientProperties,
            String topicPrefix,
            int partitions,
            int replicationFactor,
            Duration maximumHold) {
        this(
                bootstrapServers,
                clientProperties,
                topicPrefix,
                partitions,
                replicationFactor,
                maximumHold,
                Settings.INSTALLATION.defaultText().orElseThrow());
    }

    /** Copies the properties. */
    public EventLogSettings {
        clientProperties = Map.copyOf(clientProperties);
    }

    /** Does not print {@code clientProperties}, which may contain passwords. */
    @Override
    public String toString() {
        return "EventLogSettings[" + bootstrapServers + ", prefix '" + topicPrefix + "', " + partitions
                + " partitions]";
    }
}
