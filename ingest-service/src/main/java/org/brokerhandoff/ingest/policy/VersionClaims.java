package org.brokerhandoff.ingest.policy;

import org.brokerhandoff.ingest.domain.Policy;

/** Which text a version of a document stands for, among ingest services that may publish at the same moment. */
@FunctionalInterface
public interface VersionClaims {
    /**
     * Claims the kind, version and language of a document for its text and time, before it is published. The first claim counts, also if it
     * was never followed by a publication. Blocks.
     *
     * @return whether they stand for these
     * @throws RuntimeException if that is not known
     */
    boolean claim(Policy policy);
}
