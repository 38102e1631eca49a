package org.brokerhandoff.router;

import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.brokerhandoff.country.CountryRules;
import org.brokerhandoff.event.CountryRulesPublished;
import org.brokerhandoff.event.DirectoryPublished;
import org.brokerhandoff.eventlog.Await;
import org.brokerhandoff.eventlog.EventPublisher;
import org.brokerhandoff.router.directory.BrokerDirectory;
import org.brokerhandoff.schemas.EventCodec;
import org.brokerhandoff.schemas.Topic;
import org.jspecify.annotations.Nullable;

/**
 * Publishes versions of the broker directory, and before them the rules per country that they rest on: ingest publishes these as well, but may
 * not run while the router takes up a change.
 */
final class DirectoryPublication {
    private final EventPublisher publisher;
    private final EventCodec codec;
    private final boolean rulesAreFiled;
    private final InstantSource time;
    /** The rules that were acknowledged last. */
    private volatile @Nullable CountryRules acknowledged;

    /**
     * Publishes with {@code publisher}.
     *
     * @param rulesAreFiled whether this router is given a file with rules; without, it does not say that there are none
     */
    DirectoryPublication(EventPublisher publisher, EventCodec codec, boolean rulesAreFiled, InstantSource time) {
        this.publisher = publisher;
        this.codec = codec;
        this.rulesAreFiled = rulesAreFiled;
        this.time = time;
    }

    /**
     * Publishes the version at the start of a router; blocks.
     *
     * @param limit for each of the two
     */
    void publishFirst(BrokerDirectory directory, Duration limit) {
        if (rulesAreFiled) {
            CountryRulesPublished rules = directory.countries().published(time.instant(), codec);
            Await.published(() -> publisher.publishTo(Topic.CONSENTS, 0, rules), limit);
            acknowledged = directory.countries();
        }
        DirectoryPublished first = directory.published(time.instant());
        Await.published(() -> publisher.publishTo(Topic.HANDOFFS, 0, first), limit);
    }

    /** Publishes a version; the stage completes when that, and the rules it rests on, are acknowledged. */
    CompletionStage<?> publish(BrokerDirectory next) {
        return rules(next.countries())
                .thenCompose(done -> publisher.publishTo(Topic.HANDOFFS, 0, next.published(time.instant())));
    }

    private CompletionStage<?> rules(CountryRules rules) {
        if (!rulesAreFiled || rules.equals(acknowledged)) {
            return CompletableFuture.completedStage(null);
        }
        return publisher
                .publishTo(Topic.CONSENTS, 0, rules.published(time.instant(), codec))
                .thenAccept(position -> acknowledged = rules);
    }
}
