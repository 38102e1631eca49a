package org.brokerhandoff.ingest.http;

import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import org.brokerhandoff.ingest.accept.ParsedPolicy;
import org.brokerhandoff.ingest.accept.PolicyParser;
import org.brokerhandoff.ingest.domain.Policy;
import org.brokerhandoff.ingest.policy.Policies;
import org.brokerhandoff.ingest.policy.Publication;
import org.jspecify.annotations.Nullable;

/** {@code POST /v1/policies}. */
final class PolicyEndpoint implements Route.Endpoint {
    private final Policies policies;
    private final InstantSource clock;

    PolicyEndpoint(Policies policies, InstantSource clock) {
        this.policies = policies;
        this.clock = clock;
    }

    @Override
    public void handle(Exchange exchange) {
        ParsedPolicy parsed = PolicyParser.parse(
                exchange.body(), exchange.bodyLength(), clock.instant().truncatedTo(ChronoUnit.MILLIS));
        if (parsed instanceof ParsedPolicy.Valid valid) {
            exchange.whenDone(
                    policies.publish(
                            valid.policy(), valid.text(), exchange.key().id()),
                    (publication, failure) -> answer(exchange, publication, failure));
        } else if (parsed instanceof ParsedPolicy.Invalid invalid) {
            exchange.problem(422, "invalid-policy", SignupEndpoint.violations(invalid.faults()));
        } else {
            exchange.problem(400, "malformed-json");
        }
    }

    private static void answer(Exchange exchange, @Nullable Publication publication, @Nullable Throwable failure) {
        if (publication instanceof Publication.Published published) {
            exchange.json(201, json(published.policy()));
        } else if (publication instanceof Publication.AlreadyPublished published) {
            exchange.json(200, json(published.policy()));
        } else if (publication instanceof Publication.Conflict) {
            exchange.problem(409, "policy-conflict");
        } else {
            exchange.unavailable(Failures.kind(failure));
        }
    }

    private static String json(Policy policy) {
        return DocumentJson.of(policy).toString();
    }
}
