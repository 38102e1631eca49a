package org.brokerhandoff.registerservice.notify;

import java.util.UUID;
import java.util.concurrent.CompletionStage;
import org.apache.avro.specific.SpecificRecord;

/** Records the events about notices. */
@FunctionalInterface
public interface NoticeLog {
    /** Publishes an event about a signup; the stage completes when it is acknowledged. */
    CompletionStage<?> record(UUID signupId, SpecificRecord event);
}
