package org.brokerhandoff.eventlog;

/** A log ends before what was read from it: records that readers have seen are gone. Names the position; carries no content. */
public final class LogChanged extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String topic;
    private final int partition;
    private final long endOffset;

    LogChanged(String topic, int partition, long endOffset) {
        super(
                topic + "-" + partition + " ends at offset " + endOffset + ", before what was already read",
                null,
                false,
                false);
        this.topic = topic;
        this.partition = partition;
        this.endOffset = endOffset;
    }

    /** The topic's name without an installation's prefix. */
    public String topic() {
        return topic;
    }

    /** The partition. */
    public int partition() {
        return partition;
    }

    /** The offset after its last record. */
    public long endOffset() {
        return endOffset;
    }
}
