package org.brokerhandoff.ingest.http;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.brokerhandoff.event.CookieKind;
import org.brokerhandoff.ingest.accept.CanonicalIds;
import org.brokerhandoff.ingest.accept.CookieChoiceParser;
import org.brokerhandoff.ingest.accept.CookieKinds;
import org.brokerhandoff.ingest.accept.ParsedCookieChoice;
import org.brokerhandoff.ingest.accept.WireNames;
import org.brokerhandoff.ingest.cookies.ChoiceAnswer;
import org.brokerhandoff.ingest.cookies.CookieChoices;
import org.brokerhandoff.ingest.domain.CookieChoice;
import org.brokerhandoff.ingest.status.RegisterReader;
import org.brokerhandoff.operations.http.Problem;
import org.brokerhandoff.register.PresentCookieChoice;
import org.jspecify.annotations.Nullable;

/** {@code POST /v1/cookie-choices}, {@code GET /v1/cookie-choices/{id}} and {@code POST /v1/cookie-choices/{id}/withdrawal}. */
final class CookieEndpoints {
    private final CookieChoices choices;
    private final RegisterReader register;
    private final Executor blocking;
    private final InstantSource clock;

    CookieEndpoints(CookieChoices choices, RegisterReader register, Executor blocking, InstantSource clock) {
        this.choices = choices;
        this.register = register;
        this.blocking = blocking;
        this.clock = clock;
    }

    void choose(Exchange exchange) {
        ParsedCookieChoice parsed =
                CookieChoiceParser.parse(exchange.body(), exchange.bodyLength(), now(), UUID::randomUUID);
        if (parsed instanceof ParsedCookieChoice.Valid valid) {
            record(exchange, valid.choice());
        } else if (parsed instanceof ParsedCookieChoice.Invalid invalid) {
            exchange.problem(422, "invalid-cookie-choice", SignupEndpoint.violations(invalid.faults()));
        } else {
            exchange.problem(400, "malformed-json");
        }
    }

    /** Also for an unknown visitor: nothing is accepted afterwards, so the earlier choice need not be queried. */
    void withdraw(Exchange exchange) {
        withVisitor(exchange, visitor -> record(exchange, CookieChoice.withdrawal(visitor, now())));
    }

    void present(Exchange exchange) {
        withVisitor(
                exchange,
                visitor -> exchange.whenDone(
                        register.cookieChoice(visitor, exchange.key(), blocking), (found, failure) -> {
                            if (found == null || failure != null) {
                                exchange.unavailable(Failures.kind(failure));
                            } else if (found.isEmpty()) {
                                exchange.problem(404, "unknown-visitor");
                            } else {
                                exchange.json(200, json(visitor, found.get()));
                            }
                        }));
    }

    private void record(Exchange exchange, CookieChoice choice) {
        CompletionStage<ChoiceAnswer> recorded = choices.record(choice, exchange.key());
        exchange.whenDone(recorded, (answer, failure) -> answer(exchange, answer, failure));
    }

    private static void answer(Exchange exchange, @Nullable ChoiceAnswer answer, @Nullable Throwable failure) {
        if (answer instanceof ChoiceAnswer.Recorded recorded) {
            CookieChoice choice = recorded.choice();
            exchange.json(
                    201,
                    json(
                            choice.visitor(),
                            List.copyOf(choice.accepted()),
                            choice.documentSha256(),
                            WireNames.of(choice.method()),
                            choice.chosenAt(),
                            recorded.recordedAt()));
        } else if (answer instanceof ChoiceAnswer.Refused refused) {
            exchange.problem(
                    422,
                    refused.reason().code(),
                    List.of(new Problem.Violation(
                            "/documentSha256", refused.reason().code(), "the cookie policy in force")));
        } else if (answer instanceof ChoiceAnswer.Unavailable unavailable) {
            exchange.unavailable(unavailable.reason());
        } else {
            exchange.unavailable(Failures.kind(failure));
        }
    }

    private static String json(UUID visitor, PresentCookieChoice choice) {
        return json(
                visitor,
                choice.accepted(),
                choice.documentSha256(),
                WireNames.of(choice.method()),
                choice.chosenAt(),
                choice.recordedAt());
    }

    private static String json(
            UUID visitor,
            List<CookieKind> accepted,
            Optional<String> documentSha256,
            String method,
            Instant chosenAt,
            Instant recordedAt) {
        ObjectNode json = JsonNodeFactory.instance.objectNode().put("visitorId", visitor.toString());
        ObjectNode choices = json.putObject("choices");
        Arrays.stream(CookieKind.values())
                .forEach(kind -> choices.put(CookieKinds.nameOf(kind), accepted.contains(kind)));
        documentSha256.ifPresent(digest -> json.put("documentSha256", digest));
        json.put("method", method).put("chosenAt", chosenAt.toString()).put("recordedAt", recordedAt.toString());
        ObjectNode links = json.putObject("links").put("self", "/v1/cookie-choices/" + visitor);
        links.put("withdrawal", "/v1/cookie-choices/" + visitor + "/withdrawal");
        return json.toString();
    }

    private static void withVisitor(Exchange exchange, Consumer<UUID> work) {
        Optional<UUID> visitor = CanonicalIds.visitor(exchange.parameter());
        if (visitor.isPresent()) {
            work.accept(visitor.get());
        } else {
            exchange.problem(404, "unknown-visitor");
        }
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }
}
