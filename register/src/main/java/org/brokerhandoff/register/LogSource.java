package org.brokerhandoff.register;

/**
 * The log that a register was projected from.
 *
 * @param clusterId id of the Kafka cluster
 * @param topicPrefix prefix of the topic names
 */
record LogSource(String clusterId, String topicPrefix) {}
