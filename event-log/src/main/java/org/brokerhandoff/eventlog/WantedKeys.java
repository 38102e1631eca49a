package org.brokerhandoff.eventlog;

import java.util.Set;
import java.util.UUID;
import org.brokerhandoff.schemas.SignupIds;
import org.jspecify.annotations.Nullable;

/**
 * Which records a reader wants, by their keys: the key of a record about a signup is the signup's id. So a reader that looks for few
 * signups among many decodes what is about those, and hardly more than fetches the rest. What has a schema that the reader does not know
 * is handed over whatever its key.
 */
@FunctionalInterface
public interface WantedKeys {
    /** Every record. */
    WantedKeys ALL = key -> true;

    /** Whether a record with this key is wanted. */
    boolean has(byte @Nullable [] key);

    /** The records about {@code signups}, and those whose key is not a signup's, which may be about any. */
    static WantedKeys anyOf(Set<UUID> signups) {
        return key -> key == null || key.length != SignupIds.LENGTH_BYTES || signups.contains(SignupIds.uuid(key));
    }
}
