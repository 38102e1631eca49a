package org.brokerhandoff.ingest.http;

import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.brokerhandoff.ingest.accept.CanonicalIds;
import org.brokerhandoff.ingest.accept.ExtraMembers;
import org.brokerhandoff.ingest.accept.Parsed;
import org.brokerhandoff.ingest.accept.RightsParsers;
import org.brokerhandoff.ingest.authentication.ReceiptHolder;
import org.brokerhandoff.ingest.rights.RightsOutcome;
import org.brokerhandoff.ingest.rights.RightsRequests;
import org.brokerhandoff.ingest.status.RegisterReader;
import org.brokerhandoff.ingest.status.RightsCase;
import org.jspecify.annotations.Nullable;

/** {@code /v1/signups/{id}/rights-requests…}, for the person and its website, and the admins' steps. */
final class RightsEndpoints {
    private final RightsRequests requests;
    private final RegisterReader register;
    private final ExtraMembers extraMembers;
    private final Executor blocking;

    RightsEndpoints(RightsRequests requests, RegisterReader register, ExtraMembers extraMembers, Executor blocking) {
        this.requests = requests;
        this.extraMembers = extraMembers;
        this.register = register;
        this.blocking = blocking;
    }

    /** {@code POST /v1/signups/{id}/rights-requests}. */
    void ask(Exchange exchange) {
        // The id first: once a body with a person has been read, it has to be wiped.
        exchange.withSignupId(id -> valid(
                exchange,
                RightsParsers.request(
                        exchange.body(),
                        exchange.bodyLength(),
                        exchange.caller() instanceof ReceiptHolder,
                        extraMembers),
                asked -> exchange.whenDone(
                        requests.request(id, exchange.caller(), asked, exchange),
                        (outcome, failure) -> answer(exchange, 202, id, outcome, failure))));
    }

    /** {@code GET /v1/signups/{id}/rights-requests}. */
    void list(Exchange exchange) {
        show(exchange, (id, now) -> Optional.of(RightsJson.requests(now)));
    }

    /** {@code GET /v1/signups/{id}/rights-requests/{requestId}}. */
    void show(Exchange exchange) {
        Optional<UUID> requestId = requestId(exchange);
        show(exchange, (id, now) -> requestId.flatMap(now::request).map(request -> RightsJson.request(now, request)));
    }

    private void show(Exchange exchange, BiFunction<UUID, RightsCase, Optional<String>> form) {
        exchange.withSignupId(id ->
                exchange.whenDone(register.rights(id, exchange.caller(), blocking), (found, failure) -> {
                    if (found == null || failure != null) {
                        exchange.unavailable(Failures.kind(failure));
                    } else if (found.isEmpty()) {
                        exchange.problem(404, "unknown-signup");
                    } else {
                        form.apply(id, found.get())
                                .ifPresentOrElse(
                                        json -> exchange.json(200, json),
                                        () -> exchange.problem(404, "unknown-request"));
                    }
                }));
    }

    /** {@code POST /v1/signups/{id}/rights-requests/{requestId}/decision}. */
    void decide(Exchange exchange) {
        valid(
                exchange,
                RightsParsers.decision(exchange.body(), exchange.bodyLength()),
                ruling -> step(exchange, (id, requestId) -> requests.decide(id, requestId, ruling, exchange.key())));
    }

    /** {@code POST /v1/signups/{id}/rights-requests/{requestId}/extension}. */
    void extend(Exchange exchange) {
        valid(
                exchange,
                RightsParsers.extension(exchange.body(), exchange.bodyLength()),
                reason -> step(exchange, (id, requestId) -> requests.extend(id, requestId, reason, exchange.key())));
    }

    private void step(Exchange exchange, BiFunction<UUID, UUID, CompletionStage<RightsOutcome>> step) {
        exchange.withSignupId(id -> requestId(exchange)
                .ifPresentOrElse(
                        requestId -> exchange.whenDone(
                                step.apply(id, requestId),
                                (outcome, failure) -> answer(exchange, 200, id, outcome, failure)),
                        () -> exchange.problem(404, "unknown-request")));
    }

    /** {@code GET /v1/rights-requests}. */
    void open(Exchange exchange) {
        CompletionStage<String> open;
        try {
            open = CompletableFuture.supplyAsync(() -> RightsJson.open(register.openRequests()), blocking);
        } catch (RejectedExecutionException full) {
            open = CompletableFuture.failedFuture(full);
        }
        exchange.whenDone(open, (json, failure) -> {
            if (json == null || failure != null) {
                exchange.unavailable(Failures.kind(failure));
            } else {
                exchange.json(200, json);
            }
        });
    }

    private static Optional<UUID> requestId(Exchange exchange) {
        return CanonicalIds.parse(exchange.parameters().get(1));
    }

    private static <T> void valid(Exchange exchange, Parsed<T> parsed, Consumer<T> work) {
        if (parsed instanceof Parsed.Valid<T> valid) {
            work.accept(valid.value());
        } else if (parsed instanceof Parsed.Invalid<T> invalid) {
            exchange.problem(422, "invalid-rights-request", SignupEndpoint.violations(invalid.faults()));
        } else {
            exchange.problem(400, "malformed-json");
        }
    }

    private static void answer(
            Exchange exchange,
            int status,
            UUID signupId,
            @Nullable RightsOutcome outcome,
            @Nullable Throwable failure) {
        if (outcome instanceof RightsOutcome.Taken taken) {
            exchange.json(status, RightsJson.taken(signupId, taken.request()));
        } else if (outcome instanceof RightsOutcome.UnknownSignup) {
            exchange.problem(404, "unknown-signup");
        } else if (outcome instanceof RightsOutcome.UnknownRequest) {
            exchange.problem(404, "unknown-request");
        } else if (outcome instanceof RightsOutcome.NotTaken not) {
            SignupEndpoint.notTaken(exchange, not.reason());
        } else if (outcome instanceof RightsOutcome.Refused refused) {
            exchange.problem(409, refused.reason().code());
        } else {
            exchange.unavailable(Failures.kind(failure));
        }
    }
}
