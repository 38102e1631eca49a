package org.brokerhandoff.eventlog;

import java.util.concurrent.CompletionException;
import org.brokerhandoff.schemas.Topic;

/** Kafka did not acknowledge an event in time. Names the topic and the kind of failure; carries no content and no cause that might. */
public final class PublicationFailed extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** A failure of the kind {@code failure}, a class name, in {@code topic}. */
    public PublicationFailed(Topic topic, String failure) {
        super("no acknowledgement from " + topic + ": " + failure, null, false, false);
    }

    /** Whether {@code failure} is of this kind, possibly wrapped by a stage. */
    public static boolean is(Throwable failure) {
        return failure instanceof PublicationFailed
                || (failure instanceof CompletionException && failure.getCause() instanceof PublicationFailed);
    }
}
