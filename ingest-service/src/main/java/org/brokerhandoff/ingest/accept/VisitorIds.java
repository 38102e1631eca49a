package org.brokerhandoff.ingest.accept;

import java.util.Optional;
import java.util.UUID;

/** Ids of visitors: version 4 UUIDs (RFC 9562), which are random, so neither a signup's (version 7) nor made from anything about a person. */
public final class VisitorIds {
    private static final int RANDOM = 4;
    private static final int RFC_VARIANT = 2;

    private VisitorIds() {}

    /** The id, if the text is one in canonical form. */
    public static Optional<UUID> parse(String text) {
        if (text.length() != 36) {
            return Optional.empty();
        }
        try {
            UUID id = UUID.fromString(text);
            return id.toString().equals(text) && id.version() == RANDOM && id.variant() == RFC_VARIANT
                    ? Optional.of(id)
                    : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
