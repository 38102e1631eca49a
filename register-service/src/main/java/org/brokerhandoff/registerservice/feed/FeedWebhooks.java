package org.brokerhandoff.registerservice.feed;

import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CompletionStage;
import org.brokerhandoff.eventlog.KafkaClients;
import org.brokerhandoff.register.FreshRegister;
import org.brokerhandoff.register.feed.FeedEntry;
import org.brokerhandoff.register.feed.FeedGroup;
import org.brokerhandoff.register.feed.FeedOwners;
import org.brokerhandoff.router.deliver.WebhookClient;
import org.brokerhandoff.router.deliver.WebhookReply;
import org.brokerhandoff.schemas.EventCodec;

/** Feeds of one log, sent by one client. */
public final class FeedWebhooks implements FeedSender.Surroundings {
    private final KafkaClients clients;
    private final EventCodec codec;
    private final WebhookClient client;
    private final Duration exchangeLimit;
    private final InstantSource clock;

    /**
     * Webhooks.
     *
     * @param exchangeLimit timeout of one request and its response
     */
    public FeedWebhooks(
            KafkaClients clients, EventCodec codec, WebhookClient client, Duration exchangeLimit, InstantSource clock) {
        this.clients = clients;
        this.codec = codec;
        this.client = client;
        this.exchangeLimit = exchangeLimit;
        this.clock = clock;
    }

    /**
     * Starts the feeds in {@code file}, which is reloaded from then on.
     *
     * @param period interval between reloads
     * @param register determines the owners of signups
     */
    public Feeds start(Path file, Duration period, FreshRegister register, MeterRegistry meters) {
        return Feeds.start(
                file, period, new FeedOwners(register, clients.settings().partitions()), this, clock, meters);
    }

    @Override
    public FeedGroup join(String feedId, FeedGroup.Member member) {
        return FeedGroup.join(
                clients, codec, clients.settings().topicPrefix() + "handoff-feed-" + feedId, member, clock);
    }

    @Override
    public CompletionStage<WebhookReply> post(Feed feed, FeedEntry entry) {
        return client.post(feed.endpoint(), entry.id(), entry.toJson(), exchangeLimit);
    }
}
