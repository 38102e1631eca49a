package org.brokerhandoff.operations.health;

import static java.util.Objects.requireNonNull;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** A finding of a check. */
public sealed interface Health {

    static Health healthy() {
        return new Healthy(Map.of());
    }

    /**
     * Healthy, with details.
     *
     * @param details for people, by name; shown to everyone who can reach the endpoint, so never with personal data or a secret
     */
    static Health healthy(Map<String, String> details) {
        return new Healthy(details);
    }

    /**
     * Unhealthy.
     *
     * @param code stable, for machines, such as {@code kafka-unreachable}
     * @param detail for people; shown to everyone who can reach the endpoint, so never with personal data or a secret
     */
    static Health unhealthy(String code, String detail) {
        return new Unhealthy(code, detail);
    }

    /**
     * The service works, but part of it waits for something external. Code and detail as {@link #unhealthy}.
     */
    static Health impaired(String code, String detail) {
        return new Impaired(code, detail);
    }

    /** Healthy; see {@link Health#healthy(Map)}. */
    record Healthy(Map<String, String> details) implements Health {
        public Healthy {
            details = Collections.unmodifiableMap(new LinkedHashMap<>(details));
        }
    }

    /** Unhealthy; see {@link Health#unhealthy}. */
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
