package org.brokerhandoff.ingest.authentication;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** What an API key may do. */
public enum Scope {
    /** Submit signups, query those of the same owner, withdraw them. */
    WEBSITE,
    /** Publish policies, enter and decide requests for disclosure. Not a superuser: it neither submits nor withdraws signups. */
    ADMIN,
    /** Read metrics and the details of readiness, and nothing else. An admin key may do so too. */
    METRICS,
    /** With {@link #WEBSITE}: submit retention canaries, which are routed to brokers under test only. */
    CANARY;

    /** The name in the key file. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** All of them, for messages. */
    static String wireNames() {
        return Arrays.stream(values()).map(Scope::wireName).collect(Collectors.joining(", "));
    }

    /** The scope of that name, if there is one. */
    public static Optional<Scope> named(String wireName) {
        for (Scope scope : values()) {
            if (scope.wireName().equals(wireName)) {
                return Optional.of(scope);
            }
        }
        return Optional.empty();
    }
}
