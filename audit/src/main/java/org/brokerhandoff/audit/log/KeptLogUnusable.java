package org.brokerhandoff.audit.log;

/** Kafka answers, but the configured names do not form an event log. */
public final class KeptLogUnusable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    KeptLogUnusable(String message) {
        super(message);
    }
}
