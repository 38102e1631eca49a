package org.brokerhandoff.router.deliver;

import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.brokerhandoff.router.directory.Broker;

/**
 * Sends corrections of earlier signups to the address that the broker takes notices at, and asks about them there. What it says in the notices'
 * words arrives in those of handoffs: that it has the new data, whether it is done with it or not, is its acceptance.
 */
public interface CorrectionClient extends BrokerClient {
    /**
     * Asks the broker whether it has a correction: {@code GET {notices}/{signupId}?requestId={requestId}}. Carries nothing of the person.
     * Completes as {@link BrokerClient#post} does.
     *
     * @param signature over an empty body
     * @param limit longest time for the whole exchange
     */
    CompletionStage<BrokerReply> ask(
            Broker broker, BrokerNotice correction, WebhookSignature signature, Duration limit);
}
