package org.brokerhandoff.ingest.http;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import org.brokerhandoff.event.WithdrawalMethod;
import org.brokerhandoff.ingest.accept.ParsedWithdrawal;
import org.brokerhandoff.ingest.accept.WithdrawalParser;
import org.brokerhandoff.ingest.authentication.ReceiptHolder;
import org.brokerhandoff.ingest.withdraw.WithdrawalAnswer;
import org.brokerhandoff.ingest.withdraw.WithdrawalRequest;
import org.brokerhandoff.ingest.withdraw.Withdrawals;
import org.jspecify.annotations.Nullable;

/** {@code POST /v1/signups/{id}/withdrawal}. */
final class WithdrawalEndpoint implements Route.Endpoint {
    private final Withdrawals withdrawals;
    private final PromisedAnswers promises;

    WithdrawalEndpoint(Withdrawals withdrawals, PromisedAnswers promises) {
        this.withdrawals = withdrawals;
        this.promises = promises;
    }

    @Override
    public void handle(Exchange exchange) {
        if (exchange.caller() instanceof ReceiptHolder) {
            // The holder of the receipt withdraws with it, and in no other way.
            withdraw(exchange, WithdrawalMethod.RECEIPT);
        } else if (exchange.bodyLength() > 0 && !exchange.saysJson()) {
            exchange.problem(415, "not-json");
        } else {
            parsed(
                    exchange,
                    WithdrawalParser.parse(exchange.body(), exchange.bodyLength(), WithdrawalMethod.WEBSITE_REQUEST));
        }
    }

    private void parsed(Exchange exchange, ParsedWithdrawal parsed) {
        if (parsed instanceof ParsedWithdrawal.Valid valid) {
            withdraw(exchange, valid.method());
        } else if (parsed instanceof ParsedWithdrawal.Invalid invalid) {
            exchange.problem(422, "invalid-withdrawal", SignupEndpoint.violations(invalid.faults()));
        } else {
            exchange.problem(400, "malformed-json");
        }
    }

    private void withdraw(Exchange exchange, WithdrawalMethod method) {
        exchange.withSignupId(id -> exchange.whenDone(
                withdrawals.withdraw(new WithdrawalRequest(id, exchange.caller(), method)),
                (answer, failure) -> answer(exchange, answer, failure)));
    }

    private void answer(Exchange exchange, @Nullable WithdrawalAnswer answer, @Nullable Throwable failure) {
        if (answer instanceof WithdrawalAnswer.Withdrawn withdrawn) {
            promises.send(
                    exchange,
                    200,
                    JsonNodeFactory.instance
                            .objectNode()
                            .put("signupId", withdrawn.signupId().toString())
                            .put("outcome", withdrawn.outcome().name())
                            .put("withdrawnAt", withdrawn.at().toString())
                            .toString(),
                    withdrawn.evidence());
        } else if (answer instanceof WithdrawalAnswer.UnknownSignup) {
            exchange.problem(404, "unknown-signup");
        } else {
            exchange.unavailable(Failures.kind(failure));
        }
    }
}
