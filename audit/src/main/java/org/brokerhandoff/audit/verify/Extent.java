package org.brokerhandoff.audit.verify;

import org.brokerhandoff.schemas.Topic;

/**
 * How much of one partition of a kept topic was read.
 *
 * @param topic the topic
 * @param partition the partition
 * @param endOffset the offset after the last record to be read
 * @param records number of records found
 */
public record Extent(Topic topic, int partition, long endOffset, long records) {
    String place() {
        return topic.name("") + "-" + partition;
    }
}
