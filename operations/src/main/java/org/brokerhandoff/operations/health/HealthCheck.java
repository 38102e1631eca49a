package org.brokerhandoff.operations.health;

import java.util.function.Supplier;

/** Finds out whether one thing works. It may block; it is never run twice at the same time. */
public interface HealthCheck {

    /** Name in the answer of the health endpoint, such as {@code custody}. */
    String name();

    Health check();

    static HealthCheck of(String name, Supplier<Health> check) {
        return new HealthCheck() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public Health check() {
                return check.get();
            }
        };
    }
}
