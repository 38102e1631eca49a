package org.brokerhandoff.router.handoff;

import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.avro.specific.SpecificRecord;
import org.brokerhandoff.eventlog.PublicationFailed;
import org.brokerhandoff.router.lane.Lane;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Records what has happened outside and cannot be found out again: an attempt, an acceptance, a refusal. A plan can be made
 * again; such a fact that Kafka does not acknowledge is published until it does, with the same event id.
 */
public final class FactRecorder {
    private static final Logger LOG = LoggerFactory.getLogger(FactRecorder.class);

    private final SignupLog log;
    private final Lane lane;
    private final Duration pause;

    /**
     * A recorder.
     *
     * @param lane what its stages complete in
     * @param pause time between two tries
     */
    public FactRecorder(SignupLog log, Lane lane, Duration pause) {
        this.log = log;
        this.lane = lane;
        this.pause = pause;
    }

    /** Publishes until it is acknowledged. Completes exceptionally only if the event cannot be published at all. */
    public CompletionStage<Void> record(UUID signupId, SpecificRecord event) {
        CompletableFuture<Void> acknowledged = new CompletableFuture<>();
        publish(signupId, event, acknowledged);
        return acknowledged;
    }

    /** One future for all tries: a chain of futures would grow for as long as Kafka is away. */
    private void publish(UUID signupId, SpecificRecord event, CompletableFuture<Void> acknowledged) {
        CompletionStage<?> published;
        try {
            published = log.record(signupId, event);
        } catch (RuntimeException unpublishable) {
            acknowledged.completeExceptionally(unpublishable);
            return;
        }
        var unused = lane.arriving(published).whenComplete((position, failure) -> {
            if (failure == null) {
                acknowledged.complete(null);
            } else if (PublicationFailed.is(failure)) {
                LOG.warn("{} of signup {} is published again", event.getSchema().getName(), signupId);
                lane.after(pause, () -> publish(signupId, event, acknowledged));
            } else {
                acknowledged.completeExceptionally(failure);
            }
        });
    }
}
