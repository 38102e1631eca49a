package org.brokerhandoff.router.kafka;

import java.util.concurrent.CompletionStage;
import org.brokerhandoff.event.SealedTopic;
import org.brokerhandoff.event.SetAsideReason;

/** Sets a record aside that may not even be a signup. */
@FunctionalInterface
public interface SetAsideLog {
    /** Copies the record and records that; the stage completes when both are acknowledged. */
    CompletionStage<?> setAside(
            SealedTopic topic, int partition, long offset, byte[] key, byte[] value, SetAsideReason reason);
}
