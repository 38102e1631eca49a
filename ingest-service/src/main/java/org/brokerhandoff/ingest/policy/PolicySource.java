package org.brokerhandoff.ingest.policy;

import java.time.Duration;
import java.util.List;
import org.brokerhandoff.ingest.domain.Policy;

/** Source of the published policies. */
public interface PolicySource {
    /**
     * All policies whose publication any process had acknowledged before the call. Blocks, for {@code limit} at most.
     *
     * @throws RuntimeException if that cannot be determined in time
     */
    List<Policy> published(Duration limit);
}
