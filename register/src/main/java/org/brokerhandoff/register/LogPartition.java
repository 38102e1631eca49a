package org.brokerhandoff.register;

import java.util.Comparator;
import org.brokerhandoff.schemas.Topic;

/** A partition of a kept topic. The order is the one in which positions are locked. */
public record LogPartition(Topic topic, int partition) implements Comparable<LogPartition> {
    private static final Comparator<LogPartition> ORDER =
            Comparator.comparing(LogPartition::topic).thenComparingInt(LogPartition::partition);

    @Override
    public int compareTo(LogPartition other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return topic.name("") + "-" + partition;
    }
}
