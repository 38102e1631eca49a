package org.brokerhandoff.ingest.policy;

import org.brokerhandoff.ingest.domain.Policy;

/** Outcome of publishing a policy. */
public sealed interface Publication {
    /** It is published now. */
    record Published(Policy policy) implements Publication {}

    /** The identical policy was published before. */
    record AlreadyPublished(Policy policy) implements Publication {}

    /** This version and language has another published text or time, and a published policy never changes. */
    record Conflict() implements Publication {}
}
