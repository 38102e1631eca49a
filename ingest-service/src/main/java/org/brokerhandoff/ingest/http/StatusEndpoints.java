package org.brokerhandoff.ingest.http;

import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.brokerhandoff.ingest.status.RegisterReader;
import org.brokerhandoff.register.SignupStatus;
import org.jspecify.annotations.Nullable;

/** {@code GET /v1/signups/{id}} and {@code GET /v1/signups/{id}/receipt}. */
final class StatusEndpoints {
    private final RegisterReader register;
    private final Executor blocking;

    StatusEndpoints(RegisterReader register, Executor blocking) {
        this.register = register;
        this.blocking = blocking;
    }

    void status(Exchange exchange) {
        exchange.withSignupId(id -> ask(exchange, id, StatusJson::status));
    }

    void receipt(Exchange exchange) {
        exchange.withSignupId(id -> ask(exchange, id, ReceiptJson::receipt));
    }

    private void ask(Exchange exchange, UUID id, Function<SignupStatus, String> form) {
        exchange.whenDone(
                CompletableFuture.supplyAsync(() -> register.status(id), blocking),
                (status, failure) -> answer(exchange, status, failure, form));
    }

    private static void answer(
            Exchange exchange,
            @Nullable Optional<SignupStatus> status,
            @Nullable Throwable failure,
            Function<SignupStatus, String> form) {
        if (status == null || failure != null) {
            exchange.unavailable(Failures.kind(failure));
        } else if (status.isEmpty()) {
            exchange.problem(404, "unknown-signup");
        } else {
            exchange.json(200, form.apply(status.get()));
        }
    }
}
