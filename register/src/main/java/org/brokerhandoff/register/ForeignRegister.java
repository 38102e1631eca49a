package org.brokerhandoff.register;

/**
 * The register was projected from a log other than the one to follow: another Kafka cluster, another topic prefix, or a log that has lost
 * events. {@code register rebuild} makes it a register of this log.
 */
public final class ForeignRegister extends RuntimeException {
    static final String ANOTHER_LOG = "the register holds the events of another Kafka cluster or topic prefix";

    private static final long serialVersionUID = 1L;

    ForeignRegister(String message) {
        super(message);
    }
}
