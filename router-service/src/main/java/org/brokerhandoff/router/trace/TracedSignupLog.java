package org.brokerhandoff.router.trace;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import org.apache.avro.specific.SpecificRecord;
import org.brokerhandoff.event.Assigned;
import org.brokerhandoff.event.Postponed;
import org.brokerhandoff.event.SetAsideReason;
import org.brokerhandoff.event.Undeliverable;
import org.brokerhandoff.operations.tracing.Attribute;
import org.brokerhandoff.operations.tracing.Operation;
import org.brokerhandoff.router.domain.History;
import org.brokerhandoff.router.domain.PendingSignup;
import org.brokerhandoff.router.handoff.SignupLog;

/** Traces what is recorded of a signup. */
record TracedSignupLog(SignupLog log, HandoffTraces traces) implements SignupLog {
    @Override
    public CompletionStage<?> record(UUID signupId, SpecificRecord event) {
        boolean decided = event instanceof Assigned || event instanceof Undeliverable || event instanceof Postponed;
        return traces.of(signupId)
                .child(decided ? Operation.DECIDE : Operation.RECORD)
                .with(new Attribute.Event(event.getClass()))
                .until(log.record(signupId, event));
    }

    @Override
    public CompletionStage<Long> park(PendingSignup signup, History history, Optional<Instant> notBefore) {
        return log.park(signup, history, notBefore);
    }

    @Override
    public CompletionStage<History> history(PendingSignup signup) {
        return log.history(signup);
    }

    @Override
    public CompletionStage<Boolean> purged(PendingSignup signup) {
        return log.purged(signup);
    }

    @Override
    public CompletionStage<?> setAside(PendingSignup signup, SetAsideReason reason) {
        return log.setAside(signup, reason);
    }
}
