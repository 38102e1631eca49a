package org.brokerhandoff.ingest.accept;

import java.util.Optional;
import java.util.Set;

/**
 * Which free members a signup may have.
 *
 * @param allowed their names; absent: any
 */
public record ExtraMembers(Optional<Set<String>> allowed) {
    /** For an installation that restricts none. */
    public static final ExtraMembers ANY = new ExtraMembers(Optional.empty());

    /** Copies the names. */
    public ExtraMembers {
        allowed = allowed.map(Set::copyOf);
    }

    boolean allows(String name) {
        return allowed.isEmpty() || allowed.get().contains(name);
    }
}
