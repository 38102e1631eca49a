package org.brokerhandoff.router;

import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;
import org.brokerhandoff.event.CustodyExamined;
import org.brokerhandoff.operations.health.HealthCheck;
import org.brokerhandoff.preflight.CustodyExamination;
import org.brokerhandoff.router.purge.Ceiling;

/** What this router has found where the keys are, and how far its claims may go by what of it is in the log. */
final class ExaminedCustody implements Supplier<Ceiling> {
    private volatile CustodyExamination newest;
    private volatile Ceiling ceiling;

    /** What was found at the start, which the caller publishes before any purge: an auditor holds each claim against the examination before it. */
    ExaminedCustody(CustodyExamination atStart) {
        this.newest = atStart;
        this.ceiling = Ceiling.of(atStart.event());
    }

    CustodyExamined event() {
        return newest.event();
    }

    @Override
    public Ceiling get() {
        return ceiling;
    }

    HealthCheck health() {
        return HealthCheck.of("custody-preflight", () -> newest.health().check());
    }

    /** Publishes later examinations, and goes by each from when the log has it. */
    Function<CustodyExamination, CompletionStage<?>> again(Function<CustodyExamined, CompletionStage<?>> publishing) {
        return examination -> publishing.apply(examination.event()).thenRun(() -> {
            newest = examination;
            ceiling = ceiling.then(examination.event());
        });
    }
}
