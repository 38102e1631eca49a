package org.brokerhandoff.ingest.accept;

import java.util.Optional;
import java.util.UUID;

/** Ids in requests, accepted only in canonical form, so that each resource has one address. */
public final class CanonicalIds {
    private static final int CHARACTERS = 36;
    private static final int RANDOM = 4;
    private static final int RFC_VARIANT = 2;

    private CanonicalIds() {}

    /** The id, if the text is one. */
    public static Optional<UUID> parse(String text) {
        if (text.length() != CHARACTERS) {
            return Optional.empty();
        }
        try {
            return Optional.of(UUID.fromString(text)).filter(id -> id.toString().equals(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /**
     * A visitor's id: a version 4 UUID (RFC 9562). It is random, hence neither a signup's (version 7) nor derived from personal data.
     */
    public static Optional<UUID> visitor(String text) {
        return parse(text).filter(id -> id.version() == RANDOM && id.variant() == RFC_VARIANT);
    }
}
