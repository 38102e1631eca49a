package org.brokerhandoff.router.deliver;

import java.util.UUID;
import java.util.concurrent.CompletionStage;
import org.apache.avro.specific.SpecificRecord;

/** Records attempts that decided nothing, and what brokers said when they were asked. */
@FunctionalInterface
public interface AttemptLog {
    /** Publishes the event; the stage completes when it is acknowledged. */
    CompletionStage<?> record(UUID signupId, SpecificRecord event);
}
