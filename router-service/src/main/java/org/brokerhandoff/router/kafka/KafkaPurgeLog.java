package org.brokerhandoff.router.kafka;

import java.util.UUID;
import java.util.concurrent.CompletionStage;
import org.brokerhandoff.event.ConsentWithdrawn;
import org.brokerhandoff.event.Purged;
import org.brokerhandoff.event.RecordsFinished;
import org.brokerhandoff.eventlog.EventPublisher;
import org.brokerhandoff.router.purge.PurgeLog;
import org.brokerhandoff.schemas.Topic;

/** Publishes purges and what was finished to {@code purges}, and withdrawals to {@code consents}. */
public final class KafkaPurgeLog implements PurgeLog {
    private final EventPublisher publisher;

    /** Publishes with {@code publisher}. */
    public KafkaPurgeLog(EventPublisher publisher) {
        this.publisher = publisher;
    }

    @Override
    public CompletionStage<?> publish(UUID signupId, Purged purged) {
        return publisher.publish(Topic.PURGES, signupId, purged);
    }

    @Override
    public CompletionStage<?> publish(UUID signupId, ConsentWithdrawn withdrawn) {
        return publisher.publish(Topic.CONSENTS, signupId, withdrawn);
    }

    @Override
    public CompletionStage<?> publish(RecordsFinished finished) {
        return publisher.publishTo(Topic.PURGES, finished.getPartition(), finished);
    }
}
