package org.brokerhandoff.ingest.policy;

import org.brokerhandoff.ingest.domain.Policy;

/** Outcome of publishing a policy. */
public sealed interface Publication {
    /** It is published now. */
    record Published(Policy policy) implements Publication {}

    /** The identical policy was published before. */
    record AlreadyPublished(Policy policy) implements Publication {}

    /** This version and language has another text or time, published or about to be, and a published policy never changes. */
    record Conflict() implements Publication {}
}
