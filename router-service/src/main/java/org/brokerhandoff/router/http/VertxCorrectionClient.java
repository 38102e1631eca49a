package org.brokerhandoff.router.http;

import io.vertx.core.http.HttpMethod;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.brokerhandoff.custody.PersonalData;
import org.brokerhandoff.router.deliver.BrokerNotice;
import org.brokerhandoff.router.deliver.BrokerReply;
import org.brokerhandoff.router.deliver.CorrectionClient;
import org.brokerhandoff.router.deliver.NoticeReply;
import org.brokerhandoff.router.deliver.WebhookSignature;
import org.brokerhandoff.router.directory.Broker;

/**
 * Corrections over HTTP: {@code POST {notices}} with the notice of a rectification, which carries the person, and
 * {@code GET {notices}/{signupId}?requestId={requestId}}. Only for brokers whose entry has {@code notices}.
 */
public final class VertxCorrectionClient implements CorrectionClient {
    private final VertxBrokerClient client;

    /** Corrections over the connections that {@code client} has for notices. */
    public VertxCorrectionClient(VertxBrokerClient client) {
        this.client = client;
    }

    @Override
    public CompletionStage<BrokerReply> post(
            Broker broker, PersonalData body, WebhookSignature signature, Duration limit) {
        URI notices = broker.notices().orElseThrow();
        return client.post(
                broker,
                connecting -> client.open(broker, HttpMethod.POST, notices, connecting),
                VertxCorrectionClient::verdict,
                body,
                signature,
                limit);
    }

    @Override
    public CompletionStage<BrokerReply> ask(
            Broker broker, BrokerNotice correction, WebhookSignature signature, Duration limit) {
        URI question = VertxNoticeClient.question(broker.notices().orElseThrow(), correction);
        return client.ask(
                broker,
                connecting -> client.open(broker, HttpMethod.GET, question, connecting),
                VertxCorrectionClient::verdict,
                signature,
                limit);
    }

    /** A broker that says "pending" has the new data: what is left to do is its own. */
    static Optional<BrokerReply.Verdict> verdict(byte[] body) {
        Optional<NoticeReply.State> state = VertxNoticeClient.state(body);
        if (state.isEmpty()) {
            return ReplyBody.verdict(body).filter(BrokerReply.Verdict.UNKNOWN::equals);
        }
        return Optional.of(
                state.get() instanceof NoticeReply.Refused
                        ? BrokerReply.Verdict.REJECTED
                        : BrokerReply.Verdict.ACCEPTED);
    }
}
