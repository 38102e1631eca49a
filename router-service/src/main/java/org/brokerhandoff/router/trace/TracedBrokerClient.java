package org.brokerhandoff.router.trace;

import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import org.brokerhandoff.custody.PersonalData;
import org.brokerhandoff.operations.tracing.Attribute;
import org.brokerhandoff.operations.tracing.Operation;
import org.brokerhandoff.operations.tracing.TracedSpan;
import org.brokerhandoff.router.deliver.BrokerClient;
import org.brokerhandoff.router.deliver.BrokerReply;
import org.brokerhandoff.router.deliver.WebhookSignature;
import org.brokerhandoff.router.directory.Broker;

/** Traces each exchange with a broker. The broker gets no trace. */
record TracedBrokerClient(BrokerClient client, HandoffTraces traces) implements BrokerClient {
    /** What an exchange came to where the reply has no name for it. */
    private enum Exchange {
        ANSWERED,
        NO_REPLY
    }

    @Override
    public CompletionStage<BrokerReply> post(
            Broker broker, PersonalData body, WebhookSignature signature, Duration limit) {
        // A handoff has the id of its signup.
        TracedSpan span = traces.of(UUID.fromString(signature.id()))
                .child(Operation.ATTEMPT)
                .with(new Attribute.Broker(broker.id()));
        return span.until(client.post(broker, body, signature, limit).thenApply(reply -> {
            say(span, reply);
            return reply;
        }));
    }

    private static void say(TracedSpan span, BrokerReply reply) {
        if (reply instanceof BrokerReply.Answered answered) {
            span.with(new Attribute.Outcome(Exchange.ANSWERED)).with(new Attribute.Status(answered.status()));
        } else if (reply instanceof BrokerReply.NotSent notSent) {
            span.with(new Attribute.Outcome(notSent.reason())).failed();
        } else if (reply instanceof BrokerReply.NoReply none) {
            none.status().ifPresent(status -> span.with(new Attribute.Status(status)));
            span.with(new Attribute.Outcome(Exchange.NO_REPLY)).failed();
        }
    }
}
