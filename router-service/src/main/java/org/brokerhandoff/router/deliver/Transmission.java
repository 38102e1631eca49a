package org.brokerhandoff.router.deliver;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletionStage;
import org.brokerhandoff.custody.PersonalData;
import org.brokerhandoff.router.lane.Lane;

/** Makes the body of one attempt, signs it and sends it: a handoff to the broker's endpoint, a correction to where it takes notices. */
final class Transmission {
    private final BrokerClient handoffs;
    private final CorrectionClient corrections;
    private final Lane lane;

    Transmission(BrokerClient handoffs, CorrectionClient corrections, Lane lane) {
        this.handoffs = handoffs;
        this.corrections = corrections;
        this.lane = lane;
    }

    /** Sends it; {@code person} is wiped before. */
    CompletionStage<BrokerReply> send(DeliveryTask task, PersonalData person, Instant startedAt, Duration limit) {
        PersonalData body;
        try (person) {
            body = HandoffRequest.body(task.signup, task.assignment, person, task.broker.fields());
        }
        try {
            WebhookSignature signature =
                    WebhookSignature.of(BrokerNotice.webhookIdOf(task.signup), startedAt, body, task.broker.secrets());
            BrokerClient client = task.signup.concerns().isPresent() ? corrections : handoffs;
            return lane.arriving(client.post(task.broker, body, signature, limit));
        } catch (RuntimeException e) {
            body.wipe();
            throw e;
        }
    }
}
