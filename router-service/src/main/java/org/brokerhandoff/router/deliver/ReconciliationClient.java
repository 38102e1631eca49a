package org.brokerhandoff.router.deliver;

import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import org.brokerhandoff.router.directory.Broker;

/** Asks brokers what they have. */
@FunctionalInterface
public interface ReconciliationClient {
    /**
     * Asks the broker whether it has a signup: {@code GET {endpoint}/{signupId}}. Carries nothing of the person. Completes as
     * {@link BrokerClient#post} does.
     *
     * @param signature over an empty body
     * @param limit longest time for the whole exchange
     */
    CompletionStage<BrokerReply> ask(Broker broker, UUID signupId, WebhookSignature signature, Duration limit);
}
