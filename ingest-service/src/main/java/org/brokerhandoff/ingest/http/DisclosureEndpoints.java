package org.brokerhandoff.ingest.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.ToIntFunction;
import org.brokerhandoff.ingest.accept.CanonicalIds;
import org.brokerhandoff.ingest.accept.DisclosureParser;
import org.brokerhandoff.ingest.accept.DisclosureStepParsers;
import org.brokerhandoff.ingest.accept.Parsed;
import org.brokerhandoff.ingest.authentication.Caller;
import org.brokerhandoff.ingest.authentication.ReceiptHolder;
import org.brokerhandoff.ingest.disclosure.DisclosureOutcome;
import org.brokerhandoff.ingest.disclosure.DisclosureReception;
import org.brokerhandoff.ingest.disclosure.Disclosures;
import org.brokerhandoff.ingest.disclosure.EntryOutcome;
import org.brokerhandoff.ingest.disclosure.Refusal;
import org.brokerhandoff.ingest.intake.Request;
import org.brokerhandoff.ingest.status.DisclosureCase;
import org.brokerhandoff.ingest.status.DisclosureReader;
import org.brokerhandoff.operations.http.Problem;
import org.jspecify.annotations.Nullable;

/** {@code /v1/disclosure-requests…}, for admins, and {@code /v1/signups/{id}/questions…}, for the person. */
final class DisclosureEndpoints {
    /** Limit of the list; deciders keep their own register of requests, and the log has all. */
    private static final int MOST_LISTED = 500;

    private final DisclosureReception reception;
    private final Disclosures disclosures;
    private final DisclosureReader reader;
    private final InstantSource clock;

    DisclosureEndpoints(
            DisclosureReception reception, Disclosures disclosures, DisclosureReader reader, InstantSource clock) {
        this.reception = reception;
        this.disclosures = disclosures;
        this.reader = reader;
        this.clock = clock;
    }

    /** {@code POST /v1/disclosure-requests}. */
    void enter(Exchange exchange) {
        IdempotencyKeys.with(exchange, key -> {
            Request request = new Request(exchange.key().owner(), key, exchange);
            // Before anything is awaited: the body is wiped when this returns.
            Parsed<DisclosureParser.Entered> parsed =
                    DisclosureParser.parse(exchange.body(), exchange.bodyLength(), clock.instant());
            if (parsed instanceof Parsed.Valid<DisclosureParser.Entered> valid) {
                entered(
                        exchange,
                        reception.enter(request, valid.value(), exchange.key().id()));
            } else {
                refused(exchange, request, parsed);
            }
        });
    }

    /** Unless an earlier request with the key was entered: its answer stands. */
    private void refused(Exchange exchange, Request request, Parsed<DisclosureParser.Entered> parsed) {
        exchange.whenDone(reception.earlier(request), (earlier, failure) -> {
            if (earlier == null || failure != null) {
                exchange.unavailable(Failures.kind(failure));
            } else if (earlier.isPresent()) {
                entered(exchange, CompletableFuture.completedStage(new EntryOutcome.Entered(earlier.get(), true)));
            } else if (parsed instanceof Parsed.Invalid<DisclosureParser.Entered> invalid) {
                exchange.problem(422, "invalid-disclosure-request", SignupEndpoint.violations(invalid.faults()));
            } else {
                exchange.problem(400, "malformed-json");
            }
        });
    }

    /** Outcome of entering a request; once entered, with the register's content about it. */
    private record Entry(EntryOutcome outcome, Optional<DisclosureOutcome> found) {}

    /** Entered and read within the time limit of one request. */
    private void entered(Exchange exchange, CompletionStage<EntryOutcome> entering) {
        CompletionStage<Entry> entry = entering.thenCompose(outcome -> outcome instanceof EntryOutcome.Entered taken
                ? found(taken.requestId()).thenApply(found -> new Entry(outcome, Optional.of(found)))
                : CompletableFuture.completedStage(new Entry(outcome, Optional.empty())));
        exchange.whenDone(entry, (result, failure) -> {
            if (result == null || failure != null) {
                exchange.unavailable(Failures.kind(failure));
            } else {
                entered(exchange, result);
            }
        });
    }

    private void entered(Exchange exchange, Entry entry) {
        if (entry.outcome() instanceof EntryOutcome.Entered taken
                && entry.found().isPresent()) {
            if (taken.replayed()) {
                exchange.response().putHeader(IdempotencyKeys.REPLAYED, "true");
            }
            answer(exchange, settled -> 201, entry.found().get(), null, this::whole);
        } else if (entry.outcome() instanceof EntryOutcome.NotTaken notTaken) {
            SignupEndpoint.notTaken(exchange, notTaken.reason());
        } else {
            exchange.problem(
                    422,
                    "unknown-signup",
                    List.of(new Problem.Violation("/signupId", "signup-unknown", "the id of a signup")));
        }
    }

    /** {@code GET /v1/disclosure-requests}. */
    void list(Exchange exchange) {
        exchange.whenDone(reader.newest(MOST_LISTED), (found, failure) -> {
            if (found == null || failure != null) {
                exchange.unavailable(Failures.kind(failure));
                return;
            }
            Instant now = clock.instant();
            ObjectNode json = JsonNodeFactory.instance.objectNode();
            ArrayNode requests = json.putArray("requests");
            found.forEach(each -> requests.add(DisclosureJson.request(each, now)));
            exchange.json(200, json.toString());
        });
    }

    /** {@code GET /v1/disclosure-requests/{requestId}}. */
    void show(Exchange exchange) {
        withRequest(
                exchange,
                id -> exchange.whenDone(
                        found(id),
                        (result, failure) -> answer(exchange, settled -> 200, result, failure, this::whole)));
    }

    private CompletionStage<DisclosureOutcome> found(UUID requestId) {
        return reader.signupOf(requestId)
                .thenCompose(signupId -> signupId.isPresent()
                        ? reader.request(signupId.get(), requestId)
                        : CompletableFuture.completedStage(Optional.<DisclosureCase>empty()))
                .thenApply(request -> request.<DisclosureOutcome>map(now -> new DisclosureOutcome.Settled(now, true))
                        .orElseGet(() -> new DisclosureOutcome.Refused(Refusal.UNKNOWN_REQUEST)));
    }

    /** {@code POST /v1/disclosure-requests/{requestId}/question}. */
    void ask(Exchange exchange) {
        withRequest(exchange, id -> {
            Parsed<Instant> parsed =
                    DisclosureStepParsers.question(exchange.body(), exchange.bodyLength(), clock.instant());
            if (parsed instanceof Parsed.Invalid<Instant> invalid) {
                exchange.problem(422, "invalid-disclosure-question", SignupEndpoint.violations(invalid.faults()));
            } else {
                valid(exchange, parsed, by -> settle(exchange, disclosures.ask(id, by, exchange.key()), this::whole));
            }
        });
    }

    /** {@code POST /v1/disclosure-requests/{requestId}/decision}. */
    void decide(Exchange exchange) {
        withRequest(exchange, id -> {
            var parsed = DisclosureStepParsers.decision(exchange.body(), exchange.bodyLength());
            if (parsed instanceof Parsed.Invalid<?> invalid) {
                exchange.problem(422, "invalid-disclosure-decision", SignupEndpoint.violations(invalid.faults()));
            } else {
                valid(
                        exchange,
                        parsed,
                        ruling -> settle(exchange, disclosures.decide(id, ruling, exchange.key()), this::whole));
            }
        });
    }

    /** {@code POST /v1/disclosure-requests/{requestId}/release}. */
    void release(Exchange exchange) {
        withRequest(exchange, id -> settle(exchange, disclosures.release(id, exchange.key()), this::whole));
    }

    /** {@code GET /v1/signups/{id}/questions}. */
    void questions(Exchange exchange) {
        exchange.withSignupId(id -> exchange.whenDone(reader.ofSignup(id, exchange.caller()), (found, failure) -> {
            if (found == null || failure != null) {
                exchange.unavailable(Failures.kind(failure));
            } else if (found.isEmpty()) {
                exchange.problem(404, "unknown-signup");
            } else {
                exchange.json(
                        200,
                        DisclosureJson.questions(id, found.get(), clock.instant())
                                .toString());
            }
        }));
    }

    /** {@code POST /v1/signups/{id}/questions/{questionId}/answer}. */
    void answer(Exchange exchange) {
        exchange.withSignupId(signupId -> {
            Optional<UUID> questionId = CanonicalIds.parse(exchange.parameters().get(1));
            Caller caller = exchange.caller();
            var parsed = DisclosureStepParsers.answer(
                    exchange.body(), exchange.bodyLength(), caller instanceof ReceiptHolder);
            if (questionId.isEmpty()) {
                refused(exchange, Refusal.UNKNOWN_QUESTION);
            } else if (parsed instanceof Parsed.Invalid<?> invalid) {
                exchange.problem(422, "invalid-disclosure-answer", SignupEndpoint.violations(invalid.faults()));
            } else {
                UUID question = questionId.get();
                valid(
                        exchange,
                        parsed,
                        given -> settle(
                                exchange,
                                disclosures.answer(signupId, question, given, caller),
                                (settled, now) -> DisclosureJson.question(settled.request(), question, now)));
            }
        });
    }

    private ObjectNode whole(DisclosureCase settled, Instant now) {
        return DisclosureJson.whole(settled, now);
    }

    private void settle(
            Exchange exchange,
            CompletionStage<DisclosureOutcome> outcome,
            BiFunction<DisclosureCase, Instant, ObjectNode> form) {
        exchange.whenDone(
                outcome,
                (result, failure) ->
                        answer(exchange, settled -> settled.repeated() ? 200 : 201, result, failure, form));
    }

    private void answer(
            Exchange exchange,
            ToIntFunction<DisclosureOutcome.Settled> status,
            @Nullable DisclosureOutcome result,
            @Nullable Throwable failure,
            BiFunction<DisclosureCase, Instant, ObjectNode> form) {
        if (result instanceof DisclosureOutcome.Settled settled) {
            exchange.json(
                    status.applyAsInt(settled),
                    form.apply(settled.now(), clock.instant()).toString());
        } else if (result instanceof DisclosureOutcome.Refused refused) {
            refused(exchange, refused.refusal());
        } else if (result instanceof DisclosureOutcome.Unavailable unavailable) {
            exchange.unavailable(unavailable.reason());
        } else {
            exchange.unavailable(Failures.kind(failure));
        }
    }

    private static void refused(Exchange exchange, Refusal refusal) {
        switch (refusal) {
            case UNKNOWN_REQUEST -> exchange.problem(404, "unknown-disclosure-request");
            case UNKNOWN_QUESTION -> exchange.problem(404, "unknown-question");
            case DECIDED -> exchange.problem(409, "disclosure-decided");
            case ASKED -> exchange.problem(409, "question-asked");
            case ANSWERED -> exchange.problem(409, "question-answered");
            case CLOSED -> exchange.problem(409, "question-closed");
            case SAME_ACTOR -> exchange.problem(403, "four-eyes-same-actor");
            case ACTOR_UNKNOWN -> exchange.problem(409, "four-eyes-actor-unknown");
            case CONSENT_MISSING -> exchange.problem(409, "person-has-not-consented");
            case REFUSAL_MISSING -> exchange.problem(409, "person-has-not-refused");
            case NOTHING_TO_HOLD -> exchange.problem(409, "nothing-to-hold");
            case HOLD_CHANGES_NOTHING -> exchange.problem(409, "hold-changes-nothing");
            case NO_HOLD -> exchange.problem(409, "no-hold");
        }
    }

    private static <T> void valid(Exchange exchange, Parsed<T> parsed, Consumer<T> work) {
        if (parsed instanceof Parsed.Valid<T> valid) {
            work.accept(valid.value());
        } else {
            exchange.problem(400, "malformed-json");
        }
    }

    private static void withRequest(Exchange exchange, Consumer<UUID> work) {
        Optional<UUID> id = CanonicalIds.parse(exchange.parameter());
        if (id.isPresent()) {
            work.accept(id.get());
        } else {
            refused(exchange, Refusal.UNKNOWN_REQUEST);
        }
    }
}
