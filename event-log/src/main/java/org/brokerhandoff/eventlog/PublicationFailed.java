package org.brokerhandoff.eventlog;

import org.brokerhandoff.schemas.Topic;

/** Kafka did not acknowledge an event in time. Names the topic and the kind of failure; carries no content and no cause that might. */
public final class PublicationFailed extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** A failure of the kind {@code failure}, a class name, in {@code topic}. */
    public PublicationFailed(Topic topic, String failure) {
        super("no acknowledgement from " + topic + ": " + failure, null, false, false);
    }
}
