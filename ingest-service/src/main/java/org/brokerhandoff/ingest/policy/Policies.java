package org.brokerhandoff.ingest.policy;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.brokerhandoff.eventlog.EventPublisher;
import org.brokerhandoff.ingest.domain.Policy;
import org.brokerhandoff.ingest.follow.Refresher;
import org.brokerhandoff.ingest.publish.SignupEvents;
import org.brokerhandoff.schemas.PolicyTimeline;
import org.brokerhandoff.schemas.Topic;

/** The published policies, in memory, brought up to date from their source. Thread-safe. */
public final class Policies {
    /** Policies are about no signup; one partition gives them an order. */
    public static final int PARTITION = 0;

    /** For those who wait for an answer. */
    private static final Duration ASKED_LIMIT = Duration.ofSeconds(3);
    /** In the background: a register that is some seconds behind is no reason to take no signups. */
    private static final Duration REFRESH_LIMIT = PolicyTimeline.MOST_UNREAD.minusSeconds(5);

    private final PolicySource source;
    private final EventPublisher publisher;
    private final Executor blocking;
    private final Object publishing = new Object();
    private final Refresher refresher;

    private volatile Known known = new Known(PolicyBook.EMPTY, Optional.empty());

    /**
     * The policies, and when the last reading of them began, by {@link System#nanoTime}: a clock that steps must not make old
     * knowledge new.
     */
    private record Known(PolicyBook book, Optional<Long> readAtNanos) {
        boolean fresh() {
            return readAtNanos.isPresent()
                    && System.nanoTime() - readAtNanos.get() <= PolicyTimeline.MOST_UNREAD.toNanos();
        }
    }

    /**
     * No policies yet; {@link #refreshed} loads them.
     *
     * @param blocking runs what blocks
     */
    public Policies(PolicySource source, EventPublisher publisher, Executor blocking) {
        this.source = source;
        this.publisher = publisher;
        this.blocking = blocking;
        this.refresher = new Refresher(() -> load(REFRESH_LIMIT), blocking);
    }

    /**
     * What is known now; absent while the last {@link #refreshed} that succeeded began more than {@link PolicyTimeline#MOST_UNREAD}
     * ago: what was published since may forbid what was allowed. Does not block.
     */
    public Optional<PolicyBook> book() {
        Known now = known;
        return now.fresh() ? Optional.of(now.book()) : Optional.empty();
    }

    /** Completes when everything published before the call is known. */
    public CompletionStage<Void> refreshed() {
        return refresher.refreshed();
    }

    /** As {@link #refreshed}, for a request that waits for it: fails after a few seconds. */
    public CompletionStage<Void> refreshedSoon() {
        return refresher.refreshedSoon();
    }

    /** Publishes a policy. The stage completes when Kafka has acknowledged. */
    public CompletionStage<Publication> publish(Policy policy) {
        return CompletableFuture.supplyAsync(() -> publishBlocking(policy), blocking);
    }

    private Publication publishBlocking(Policy policy) {
        // One at a time, so that two requests cannot both find a version unpublished.
        synchronized (publishing) {
            load(ASKED_LIMIT);
            Optional<Policy> earlier = known.book().find(policy.version(), policy.language());
            if (earlier.isPresent()) {
                return earlier.get().samePublicationAs(policy)
                        ? new Publication.AlreadyPublished(earlier.get())
                        : new Publication.Conflict();
            }
            publisher
                    .publishTo(Topic.CONSENTS, PARTITION, SignupEvents.published(policy))
                    .toCompletableFuture()
                    .orTimeout(PolicyTimeline.MOST_UNACKNOWLEDGED.toMillis(), TimeUnit.MILLISECONDS)
                    .join();
            add(policy);
            return new Publication.Published(policy);
        }
    }

    /** The version in force, for refusals. */
    public Optional<String> current(Instant now) {
        return known.book().current(now);
    }

    private void load(Duration limit) {
        long began = System.nanoTime();
        List<Policy> published = source.published(limit);
        synchronized (this) {
            // Merged, not replaced: what this process has just published may be newer than what was read.
            known = new Known(known.book().with(published), Optional.of(latest(known.readAtNanos(), began)));
        }
    }

    private static long latest(Optional<Long> earlier, long began) {
        return earlier.isPresent() && earlier.get() - began > 0 ? earlier.get() : began;
    }

    private synchronized void add(Policy policy) {
        known = new Known(known.book().with(List.of(policy)), known.readAtNanos());
    }
}
