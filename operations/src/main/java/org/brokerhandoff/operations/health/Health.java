package org.brokerhandoff.operations.health;

import static java.util.Objects.requireNonNull;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** What a check found. */
public sealed interface Health {

    static Health healthy() {
        return new Healthy(Map.of());
    }

    /**
     * All is well, and there is something to know about it.
     *
     * @param details for people, by name; shown to all who can reach the endpoint, so never with personal data or a secret
     */
    static Health healthy(Map<String, String> details) {
        return new Healthy(details);
    }

    /**
     * Something is wrong.
     *
     * @param code stable, for machines, such as {@code kafka-unreachable}
     * @param detail for people; shown to all who can reach the endpoint, so never with personal data or a secret
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

    /** All is well; see {@link Health#healthy(Map)}. */
    record Healthy(Map<String, String> details) implements Health {
        public Healthy {
            details = Collections.unmodifiableMap(new LinkedHashMap<>(details));
        }
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
