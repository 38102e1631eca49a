package org.brokerhandoff.ingest.recipient;

import java.time.Duration;
import java.util.Set;

/** Source of the recipients of published directories. */
public interface RecipientSource {
    /**
     * The ids in all versions of the directory whose publication was acknowledged before the call. Blocks, for {@code limit} at most.
     *
     * @throws RuntimeException if that cannot be determined in time
     */
    Set<String> recipients(Duration limit);
}
