package org.brokerhandoff.audit.log;

/** Kafka answers, but what it holds under the configured names is not an event log. */
public final class KeptLogUnusable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    KeptLogUnusable(String message) {
        super(message);
    }
}
