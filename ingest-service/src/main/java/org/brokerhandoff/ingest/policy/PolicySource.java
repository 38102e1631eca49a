package org.brokerhandoff.ingest.policy;

import java.time.Duration;
import java.util.List;
import org.brokerhandoff.ingest.domain.Policy;

/** Where published policies are read from. */
public interface PolicySource {
    /**
     * All policies whose publication was acknowledged before the call, by whichever process. Blocks, for {@code limit}
     * at most.
     *
     * @throws RuntimeException if that cannot be told in time
     */
    List<Policy> published(Duration limit);
}
