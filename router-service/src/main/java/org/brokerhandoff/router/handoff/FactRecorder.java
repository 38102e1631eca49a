package org.brokerhandoff.router.handoff;

import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.avro.specific.SpecificRecord;
import org.brokerhandoff.eventlog.PublicationFailed;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Records what has happened outside and cannot be found out again: an attempt, an acceptance, a refusal. A plan can be made
 * anew; such a fact that Kafka does not acknowledge is published until it does, with the same event id.
 */
public final class FactRecorder {
    private static final Logger LOG = LoggerFactory.getLogger(FactRecorder.class);

    private final SignupLog log;
    private final ScheduledExecutorService scheduler;
    private final long pauseMillis;

    /**
     * A recorder.
     *
     * @param pauseMillis time between two tries
     */
    public FactRecorder(SignupLog log, ScheduledExecutorService scheduler, long pauseMillis) {
        this.log = log;
        this.scheduler = scheduler;
        this.pauseMillis = pauseMillis;
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
        var unused = published.whenComplete((position, failure) -> {
            if (failure == null) {
                acknowledged.complete(null);
            } else if (PublicationFailed.is(failure)) {
                LOG.warn("{} of signup {} is published again", event.getSchema().getName(), signupId);
                again(signupId, event, acknowledged);
            } else {
                acknowledged.completeExceptionally(failure);
            }
        });
    }

    private void again(UUID signupId, SpecificRecord event, CompletableFuture<Void> acknowledged) {
        try {
            var unused = scheduler.schedule(
                    () -> publish(signupId, event, acknowledged), pauseMillis, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException closing) {
            acknowledged.completeExceptionally(closing);
        }
    }
}
