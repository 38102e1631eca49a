package org.brokerhandoff.operations.health;

import static java.util.Objects.requireNonNull;

/** What a check found. */
public sealed interface Health {

    static Health healthy() {
        return Healthy.HEALTHY;
    }

    /**
     * Something is wrong.
     *
     * @param code stable, for machines, such as {@code kafka-unreachable}
     * @param detail for people; shown to whoever can reach the endpoint, so never with personal data or a secret
     */
    static Health unhealthy(String code, String detail) {
        return new Unhealthy(code, detail);
    }

    /**
     * The service does its work, but part of it waits for something outside of it. Code and detail as {@link #unhealthy}.
     */
    static Health impaired(String code, String detail) {
        return new Impaired(code, detail);
    }

    /** All is well. */
    enum Healthy implements Health {
        HEALTHY
    }

    /** Something is wrong; see {@link Health#unhealthy}. */
    record Unhealthy(String code, String detail) implements Health {
        public Unhealthy {
            requireNonNull(code, "code");
            requireNonNull(detail, "detail");
        }
    }

    /** Part of the work waits; see {@link Health#impaired}. */
    record Impaired(String code, String detail) implements Health {
        public Impaired {
            requireNonNull(code, "code");
            requireNonNull(detail, "detail");
        }
    }
}
