package org.brokerhandoff.ingest.http;

import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.brokerhandoff.ingest.evidence.EvidenceOutcome;
import org.brokerhandoff.ingest.evidence.LedgerEvidence;
import org.brokerhandoff.ingest.intake.Unavailability;
import org.brokerhandoff.ingest.status.RegisterReader;

/** {@code GET /v1/signups/{id}/evidence}: every event of a signup, as a file that proves that it is all of them. */
final class EvidenceEndpoint {
    private static final String TEXT = "text/plain; charset=utf-8";

    private final RegisterReader register;
    private final Executor blocking;
    private final LedgerEvidence ledger;

    EvidenceEndpoint(RegisterReader register, Executor blocking, LedgerEvidence ledger) {
        this.register = register;
        this.blocking = blocking;
        this.ledger = ledger;
    }

    void evidence(Exchange exchange) {
        exchange.withSignupId(id -> exchange.whenDone(
                register.status(id, exchange.caller(), blocking)
                        .thenCompose(status -> status.isPresent()
                                ? ledger.of(id).thenApply(Optional::of)
                                : CompletableFuture.completedStage(Optional.<EvidenceOutcome>empty())),
                (outcome, failure) -> {
                    if (outcome == null || failure != null) {
                        exchange.unavailable(Failures.kind(failure));
                    } else if (outcome.isEmpty()) {
                        exchange.problem(404, "unknown-signup");
                    } else {
                        answer(exchange, id, outcome.get());
                    }
                }));
    }

    private static void answer(Exchange exchange, UUID id, EvidenceOutcome outcome) {
        if (outcome instanceof EvidenceOutcome.Evidence evidence) {
            exchange.response().putHeader("Content-Disposition", "attachment; filename=\"" + id + ".evidence\"");
            exchange.content(TEXT, "no-store", evidence.file());
        } else {
            exchange.unavailable(
                    outcome instanceof EvidenceOutcome.NotCommitted
                            ? Unavailability.NOT_COMMITTED
                            : Unavailability.LEDGER_UNAVAILABLE);
        }
    }
}
