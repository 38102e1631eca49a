package org.brokerhandoff.router.deliver;

import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.brokerhandoff.custody.PersonalData;
import org.brokerhandoff.router.directory.Broker;

/** Asks a broker whether it would take a signup. */
@FunctionalInterface
public interface PingClient {
    /**
     * Posts a signed ping to {@code /ping} below the broker's endpoint. The stage completes normally whatever the network does; it
     * completes exceptionally only for a bug.
     *
     * @param body the request's body, which holds no personal data; the client wipes it like one that does
     * @param signature goes into the headers; its id is random
     * @param limit longest time for the whole exchange
     */
    CompletionStage<BrokerReply> ping(Broker broker, PersonalData body, WebhookSignature signature, Duration limit);
}
