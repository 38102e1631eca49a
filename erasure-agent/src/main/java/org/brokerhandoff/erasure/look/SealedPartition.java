package org.brokerhandoff.erasure.look;

import org.brokerhandoff.event.SealedTopic;

/**
 * A partition of a topic with sealed data.
 *
 * @param topic the topic
 * @param partition the partition, from 0
 */
public record SealedPartition(SealedTopic topic, int partition) implements Comparable<SealedPartition> {
    @Override
    public int compareTo(SealedPartition other) {
        int byTopic = topic.compareTo(other.topic);
        return byTopic != 0 ? byTopic : Integer.compare(partition, other.partition);
    }
}
