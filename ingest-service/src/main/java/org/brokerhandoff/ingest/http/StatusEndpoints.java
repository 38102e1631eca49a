package org.brokerhandoff.ingest.http;

import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.brokerhandoff.ingest.status.RegisterReader;
import org.brokerhandoff.register.SignupStatus;
import org.jspecify.annotations.Nullable;

/** {@code GET /v1/signups/{id}}. */
final class StatusEndpoints {
    private static final String NO_SUCH_SIGNUP = "";

    private final RegisterReader register;
    private final Executor blocking;

    StatusEndpoints(RegisterReader register, Executor blocking) {
        this.register = register;
        this.blocking = blocking;
    }

    void status(Exchange exchange) {
        exchange.withSignupId(id -> ask(exchange, id, status -> Optional.of(StatusJson.status(status))));
    }

    private void ask(Exchange exchange, UUID id, Function<SignupStatus, Optional<String>> form) {
        exchange.whenDone(
                register.status(id, exchange.caller(), blocking)
                        .thenApply(status -> status.flatMap(form).orElse(NO_SUCH_SIGNUP)),
                (json, failure) -> answer(exchange, json, failure));
    }

    private static void answer(Exchange exchange, @Nullable String json, @Nullable Throwable failure) {
        if (json == null || failure != null) {
            exchange.unavailable(Failures.kind(failure));
        } else if (json.equals(NO_SUCH_SIGNUP)) {
            exchange.problem(404, "unknown-signup");
        } else {
            exchange.json(200, json);
        }
    }
}
