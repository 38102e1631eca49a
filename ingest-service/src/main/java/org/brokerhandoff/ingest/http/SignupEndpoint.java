package org.brokerhandoff.ingest.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.brokerhandoff.ingest.accept.Fault;
import org.brokerhandoff.ingest.authentication.Scope;
import org.brokerhandoff.ingest.intake.IntakeOutcome;
import org.brokerhandoff.ingest.intake.Request;
import org.brokerhandoff.ingest.intake.SignupAnswer;
import org.brokerhandoff.ingest.intake.Unavailability;
import org.brokerhandoff.ingest.policy.PolicyVerdict;
import org.brokerhandoff.operations.http.Problem;
import org.jspecify.annotations.Nullable;

/** Accepts personal data: {@code POST /v1/signups} and {@code POST /v1/contact-messages}. */
final class SignupEndpoint implements Route.Endpoint {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Target of valid requests. */
    interface Receiver {
        /** Receives a request; does not block, and the stage never fails. */
        CompletionStage<SignupAnswer> receive(Request request, byte[] body, int length);
    }

    private final Receiver reception;
    private final String invalidCode;
    private final Function<IntakeOutcome.Accepted, String> acceptedBody;

    private final Optional<PromisedAnswers> promises;

    private SignupEndpoint(
            Receiver reception,
            String invalidCode,
            Function<IntakeOutcome.Accepted, String> acceptedBody,
            Optional<PromisedAnswers> promises) {
        this.promises = promises;
        this.reception = reception;
        this.invalidCode = invalidCode;
        this.acceptedBody = acceptedBody;
    }

    /** {@code POST /v1/signups}. */
    static SignupEndpoint signups(Receiver reception, PromisedAnswers promises) {
        return new SignupEndpoint(reception, "invalid-signup", SignupEndpoint::signup, Optional.of(promises));
    }

    /** {@code POST /v1/contact-messages}, which have no receipts. */
    static SignupEndpoint contactMessages(Receiver reception) {
        return new SignupEndpoint(reception, "invalid-contact-message", SignupEndpoint::message, Optional.empty());
    }

    @Override
    public void handle(Exchange exchange) {
        IdempotencyKeys.with(
                exchange,
                key -> exchange.whenDone(
                        reception.receive(
                                new Request(exchange.key().owner(), key, exchange)
                                        .byKeyOf(exchange.key().scopes().contains(Scope.CANARY)),
                                exchange.body(),
                                exchange.bodyLength()),
                        (answer, failure) -> answer(exchange, answer)));
    }

    private void answer(Exchange exchange, @Nullable SignupAnswer answer) {
        if (answer instanceof SignupAnswer.Taken taken) {
            outcome(exchange, taken.outcome());
        } else if (answer instanceof SignupAnswer.Malformed) {
            exchange.problem(400, "malformed-json");
        } else if (answer instanceof SignupAnswer.Invalid invalid) {
            exchange.problem(422, invalidCode, violations(invalid.faults()));
        } else if (answer instanceof SignupAnswer.PolicyRefused refused) {
            policyRefused(exchange, refused.verdict());
        } else {
            exchange.unavailable(Unavailability.UNEXPECTED);
        }
    }

    private void outcome(Exchange exchange, IntakeOutcome outcome) {
        if (outcome instanceof IntakeOutcome.Accepted accepted) {
            if (accepted.replayed()) {
                exchange.response().putHeader(IdempotencyKeys.REPLAYED, "true");
            }
            String body = acceptedBody.apply(accepted);
            promises.ifPresentOrElse(
                    promised -> promised.send(exchange, 202, body, accepted.evidence()),
                    () -> exchange.json(202, body));
        } else {
            notTaken(exchange, outcome);
        }
    }

    /** Answers requests that were not accepted. */
    static void notTaken(Exchange exchange, IntakeOutcome outcome) {
        if (outcome instanceof IntakeOutcome.Spent) {
            exchange.problem(409, "idempotency-key-spent");
        } else if (outcome instanceof IntakeOutcome.Conflict) {
            exchange.problem(409, "idempotency-key-conflict");
        } else if (outcome instanceof IntakeOutcome.Unavailable unavailable) {
            exchange.unavailable(unavailable.reason());
        }
    }

    /** Ids and times need no escaping. */
    private static String signup(IntakeOutcome.Accepted accepted) {
        String id = accepted.signupId().toString();
        String self = "/v1/signups/" + id;
        return "{\"signupId\":\"" + id + "\",\"status\":\"RECEIVED\",\"eraseBy\":\"" + accepted.eraseBy()
                + "\",\"links\":{\"self\":\"" + self + "\",\"receipt\":\"" + self + "/receipt\",\"withdrawal\":\""
                + self + "/withdrawal\"}}";
    }

    private static String message(IntakeOutcome.Accepted accepted) {
        String id = accepted.signupId().toString();
        return "{\"messageId\":\"" + id + "\",\"status\":\"RECEIVED\",\"eraseBy\":\"" + accepted.eraseBy()
                + "\",\"links\":{\"self\":\"/v1/signups/" + id + "\"}}";
    }

    private static void policyRefused(Exchange exchange, PolicyVerdict.Refused verdict) {
        String code = verdict.reason().code();
        Problem problem = Problem.of(
                422,
                code,
                List.of(new Problem.Violation(
                        "/consent/policyVersion",
                        code,
                        "the version " + verdict.reason().detail())));
        exchange.problem(422, code, withCurrentVersion(problem, verdict.currentVersion()));
    }

    private static String withCurrentVersion(Problem problem, Optional<String> version) {
        try {
            ObjectNode json = (ObjectNode) JSON.readTree(problem.toJson());
            return json.put("currentPolicyVersion", version.orElse(null)).toString();
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a problem is JSON", e);
        }
    }

    static List<Problem.Violation> violations(List<Fault> faults) {
        return faults.stream()
                .map(fault -> new Problem.Violation(fault.pointer(), fault.code(), fault.detail()))
                .toList();
    }
}
