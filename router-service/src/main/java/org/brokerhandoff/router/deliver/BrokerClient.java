package org.brokerhandoff.router.deliver;

import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.brokerhandoff.custody.PersonalData;
import org.brokerhandoff.router.directory.Broker;

/** Sends one request to a broker. */
public interface BrokerClient {
    /**
     * Posts a signed handoff to the broker's endpoint. The stage completes normally whatever the network does; it completes
     * exceptionally only for a bug.
     *
     * @param body the request's body; the client wipes it once it is sent, at the latest when the stage completes
     * @param signature goes into the headers; its id is the {@code Idempotency-Key} too
     * @param limit longest time for the whole exchange
     */
    CompletionStage<BrokerReply> post(Broker broker, PersonalData body, WebhookSignature signature, Duration limit);
}
