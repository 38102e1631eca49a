package org.brokerhandoff.ingest.authentication;

import java.util.Locale;
import java.util.Optional;

/** What an API key may do. */
public enum Scope {
    /** Hand in signups, ask about them, withdraw them. */
    WEBSITE,
    /** Publish policies. */
    ADMIN;

    /** The name in the key file. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
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
