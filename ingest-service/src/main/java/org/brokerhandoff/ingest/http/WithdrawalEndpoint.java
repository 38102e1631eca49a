package org.brokerhandoff.ingest.http;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import org.brokerhandoff.ingest.withdraw.WithdrawalAnswer;
import org.brokerhandoff.ingest.withdraw.Withdrawals;
import org.jspecify.annotations.Nullable;

/** {@code POST /v1/signups/{id}/withdrawal}. */
final class WithdrawalEndpoint implements Route.Endpoint {
    private final Withdrawals withdrawals;

    WithdrawalEndpoint(Withdrawals withdrawals) {
        this.withdrawals = withdrawals;
    }

    @Override
    public void handle(Exchange exchange) {
        exchange.withSignupId(id -> exchange.whenDone(
                withdrawals.withdraw(id, exchange.key()), (answer, failure) -> answer(exchange, answer, failure)));
    }

    private static void answer(Exchange exchange, @Nullable WithdrawalAnswer answer, @Nullable Throwable failure) {
        if (answer instanceof WithdrawalAnswer.Withdrawn withdrawn) {
            exchange.json(
                    200,
                    JsonNodeFactory.instance
                            .objectNode()
                            .put("signupId", withdrawn.signupId().toString())
                            .put("outcome", withdrawn.outcome().name())
                            .put("withdrawnAt", withdrawn.at().toString())
                            .toString());
        } else if (answer instanceof WithdrawalAnswer.UnknownSignup) {
            exchange.problem(404, "unknown-signup");
        } else {
            exchange.unavailable(Failures.kind(failure));
        }
    }
}
