package org.brokerhandoff.ingest.policy;

import org.brokerhandoff.custody.cells.decisions.FirstClaims;
import org.brokerhandoff.ingest.domain.Policy;
import org.brokerhandoff.schemas.Digests;

/** Claims of versions in the database that the ingest services of several hosts share, by digests. */
public final class SharedVersionClaims implements VersionClaims {
    private final FirstClaims claims;

    /** Claims among {@code claims}. */
    public SharedVersionClaims(FirstClaims claims) {
        this.claims = claims;
    }

    @Override
    public boolean claim(Policy policy) {
        return claims.claim(
                "document/" + digest(policy.kind() + "\n" + policy.version() + "\n" + policy.language()),
                digest(policy.sha256() + "\n" + policy.effectiveAt()));
    }

    private static String digest(String text) {
        return Digests.hex(Digests.sha256(text));
    }
}
