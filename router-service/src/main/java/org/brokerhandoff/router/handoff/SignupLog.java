package org.brokerhandoff.router.handoff;

import java.util.UUID;
import java.util.concurrent.CompletionStage;
import org.apache.avro.specific.SpecificRecord;
import org.brokerhandoff.event.SetAsideReason;
import org.brokerhandoff.router.domain.History;
import org.brokerhandoff.router.domain.PendingSignup;

/** The event log as a handoff needs it. */
public interface SignupLog {
    /** Publishes to {@code handoffs}; the stage completes when Kafka has acknowledged. */
    CompletionStage<?> record(UUID signupId, SpecificRecord event);

    /** Reads again what the log says of a signup, from the append of its record on. May take seconds; used when a slot surprises. */
    CompletionStage<History> history(PendingSignup signup);

    /** Whether the log has the purge of a signup, looked for from the append of its record on. May take seconds. */
    CompletionStage<Boolean> purged(PendingSignup signup);

    /** Sets a record that does not open aside, still sealed. */
    CompletionStage<?> setAside(PendingSignup signup, SetAsideReason reason);
}
