package org.brokerhandoff.ingest.authentication;

import java.util.Optional;
import java.util.Set;

/**
 * An API key less its secret.
 *
 * @param id the key's name
 * @param owner who it belongs to: signups are bound to it, and keys of one owner share them, so that keys can be rotated
 * @param scopes what it may do
 * @param ownsEarlier whether signups that were taken in before owners were recorded are this owner's
 */
public record ApiKey(String id, String owner, Set<Scope> scopes, boolean ownsEarlier) implements Caller {
    public ApiKey {
        scopes = Set.copyOf(scopes);
    }

    /**
     * Whether a signup may be shown to, and withdrawn by, this key.
     *
     * @param recorded owner of the key that it was handed in with; empty if none was recorded
     */
    public boolean owns(Optional<String> recorded) {
        return recorded.map(owner::equals).orElse(ownsEarlier);
    }
}
