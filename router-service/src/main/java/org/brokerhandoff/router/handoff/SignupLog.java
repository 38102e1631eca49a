package org.brokerhandoff.router.handoff;

import java.time.Instant;
import java.util.Optional;
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

    /**
     * Appends a copy of the signup to the parked topic; the stage completes when Kafka has acknowledged, however long that takes.
     *
     * @param history what is known of the signup, carried along
     * @param notBefore until when the broker asked to be left alone
     * @return the offset of the copy
     */
    CompletionStage<Long> park(PendingSignup signup, History history, Optional<Instant> notBefore);

    /**
     * Reads again what the log says of a signup, from the append of its record on, after what that record carries. May take
     * seconds; used when a slot surprises.
     */
    CompletionStage<History> history(PendingSignup signup);

    /** Whether the log has the purge of a signup, looked for from when its record can have been appended. May take seconds. */
    CompletionStage<Boolean> purged(PendingSignup signup);

    /** Sets a record that does not open aside, still sealed. */
    CompletionStage<?> setAside(PendingSignup signup, SetAsideReason reason);
}
