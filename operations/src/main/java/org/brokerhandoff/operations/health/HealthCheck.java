package org.brokerhandoff.operations.health;

import java.util.function.Supplier;

/** Checks whether one thing works. It may block; it never runs twice at the same time. */
public interface HealthCheck {

    /** Name in the response of the health endpoint, such as {@code custody}. */
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
