package org.brokerhandoff.ingest.authentication;

import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * An API key without its secret.
 *
 * @param id the key's name
 * @param owner the owner: signups are bound to it, and keys of one owner share them, so that keys can be rotated
 * @param scopes its permissions
 * @param ownsEarlier whether signups that were accepted before owners were recorded are this owner's
 */
public record ApiKey(String id, String owner, Set<Scope> scopes, boolean ownsEarlier) implements Caller {
    public ApiKey {
        scopes = Set.copyOf(scopes);
    }

    /** Whatever the signup: its owner decides. */
    @Override
    public boolean mayActOn(UUID signupId, Optional<String> recorded) {
        return recorded.map(owner::equals).orElse(ownsEarlier);
    }

    @Override
    public Optional<String> keyId() {
        return Optional.of(id);
    }
}
