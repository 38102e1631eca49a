package org.brokerhandoff.ingest.policy;

import org.brokerhandoff.ingest.domain.Policy;

/** What came of publishing a policy. */
public sealed interface Publication {
    /** It is published now. */
    record Published(Policy policy) implements Publication {}

    /** The same was published before. */
    record AlreadyPublished(Policy policy) implements Publication {}

    /** Another text or time is published for this version and language, and a published policy never changes. */
    record Conflict() implements Publication {}
}
