package org.brokerhandoff.ingest.authentication;

import java.util.Set;

/**
 * An API key less its secret.
 *
 * @param id the client's name
 * @param scopes what it may do
 */
public record ApiKey(String id, Set<Scope> scopes) {
    public ApiKey {
        scopes = Set.copyOf(scopes);
    }
}
