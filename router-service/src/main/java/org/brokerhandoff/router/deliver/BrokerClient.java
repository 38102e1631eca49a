package org.brokerhandoff.router.deliver;

import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import org.brokerhandoff.custody.PersonalData;
import org.brokerhandoff.router.directory.Broker;

/** Sends requests to brokers. */
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

    /**
     * Asks the broker whether it has a signup: {@code GET {endpoint}/{signupId}}. Carries nothing of the person. Completes as
     * {@link #post} does.
     *
     * @param signature over an empty body
     * @param limit longest time for the whole exchange
     */
    CompletionStage<BrokerReply> ask(Broker broker, UUID signupId, WebhookSignature signature, Duration limit);
}
