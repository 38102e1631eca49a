package org.brokerhandoff.website.visit;

import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * What a browser chose, as its cookie {@code cookies} keeps it: a random visitor id and the kinds that were accepted.
 *
 * @param visitor made by ingest for the first choice; stands for nothing else
 * @param accepted what is not in it is refused
 */
public record CookieChoice(UUID visitor, Set<Kind> accepted) {
    /** A kind of cookies. */
    public enum Kind {
        NECESSARY("necessary"),
        ANALYTICS("analytics"),
        THIRD_PARTIES("thirdParty");

        private final String id;

        Kind(String id) {
            this.id = id;
        }

        /** As ingest names it. */
        public String id() {
            return id;
        }

        /** The kind that ingest names so. */
        public static Optional<Kind> named(String id) {
            return EnumSet.allOf(Kind.class).stream()
                    .filter(kind -> kind.id.equals(id))
                    .findFirst();
        }
    }

    /** Copies the set. */
    public CookieChoice {
        accepted = Set.copyOf(accepted);
    }

    /** The cookie's value: the id, and the kinds, each after a tilde. */
    public String value() {
        return visitor + accepted.stream().sorted().map(kind -> "~" + kind.id()).collect(Collectors.joining());
    }

    /** The choice in a cookie's value; empty if it is none. */
    public static Optional<CookieChoice> parse(String value) {
        String[] parts = value.split("~", 5);
        Set<Kind> accepted = EnumSet.noneOf(Kind.class);
        for (int i = 1; i < parts.length; i++) {
            Optional<Kind> kind = Kind.named(parts[i]);
            if (kind.isEmpty()) {
                return Optional.empty();
            }
            accepted.add(kind.get());
        }
        try {
            UUID visitor = UUID.fromString(parts[0]);
            // Only what ingest makes and takes: version 4.
            return visitor.toString().equals(parts[0]) && visitor.version() == 4 && visitor.variant() == 2
                    ? Optional.of(new CookieChoice(visitor, accepted))
                    : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
