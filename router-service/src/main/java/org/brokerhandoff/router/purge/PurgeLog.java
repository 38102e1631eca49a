package org.brokerhandoff.router.purge;

import java.util.UUID;
import java.util.concurrent.CompletionStage;
import org.brokerhandoff.event.ConsentWithdrawn;
import org.brokerhandoff.event.Purged;
import org.brokerhandoff.event.RecordsFinished;

/** Publishes the events of a purge; the stages complete when Kafka has acknowledged. */
public interface PurgeLog {
    /** Publishes a purge. */
    CompletionStage<?> publish(UUID signupId, Purged purged);

    /** Publishes a withdrawal that ingest died before publishing. Has the same event id, should ingest publish it as well. */
    CompletionStage<?> publish(UUID signupId, ConsentWithdrawn withdrawn);

    /** Publishes what stood at the offsets of one partition. */
    CompletionStage<?> publish(RecordsFinished finished);
}
