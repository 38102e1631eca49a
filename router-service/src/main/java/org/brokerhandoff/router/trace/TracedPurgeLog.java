package org.brokerhandoff.router.trace;

import java.util.UUID;
import java.util.concurrent.CompletionStage;
import org.brokerhandoff.event.ConsentWithdrawn;
import org.brokerhandoff.event.Purged;
import org.brokerhandoff.event.RecordsFinished;
import org.brokerhandoff.operations.tracing.Attribute;
import org.brokerhandoff.operations.tracing.Operation;
import org.brokerhandoff.router.purge.PurgeLog;

/** Traces each purge: how long after the key's destruction it could be claimed, and how far. */
record TracedPurgeLog(PurgeLog log, HandoffTraces traces) implements PurgeLog {
    @Override
    public CompletionStage<?> publish(UUID signupId, Purged purged) {
        return traces.of(signupId)
                .child(Operation.PURGE, purged.getKeyErasedAt())
                .with(new Attribute.Outcome(purged.getLevel()))
                .until(log.publish(signupId, purged))
                .thenRun(() -> traces.forget(signupId));
    }

    @Override
    public CompletionStage<?> publish(UUID signupId, ConsentWithdrawn withdrawn) {
        return log.publish(signupId, withdrawn);
    }

    @Override
    public CompletionStage<?> publish(RecordsFinished finished) {
        return log.publish(finished);
    }
}
