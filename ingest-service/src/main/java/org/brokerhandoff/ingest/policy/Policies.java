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
import org.brokerhandoff.ingest.publish.SignupEvents;
import org.brokerhandoff.schemas.Topic;
import org.jspecify.annotations.Nullable;

/** The published policies, in memory, brought up to date from the register. Thread-safe. */
public final class Policies {
    /** Policies are about no signup; one partition gives them an order. */
    public static final int PARTITION = 0;

    private static final Duration PUBLICATION_LIMIT = Duration.ofSeconds(25);

    private final PolicySource source;
    private final EventPublisher publisher;
    private final Executor blocking;
    private final Object publishing = new Object();

    private volatile PolicyBook book = PolicyBook.EMPTY;
    private volatile boolean loaded;

    private CompletableFuture<Void> running = CompletableFuture.completedFuture(null); // guarded by this
    private @Nullable CompletableFuture<Void> following; // guarded by this; not begun yet

    /**
     * No policies yet; {@link #refreshed} loads them.
     *
     * @param blocking runs what blocks
     */
    public Policies(PolicySource source, EventPublisher publisher, Executor blocking) {
        this.source = source;
        this.publisher = publisher;
        this.blocking = blocking;
    }

    /** What is known now; absent until the first {@link #refreshed} has succeeded. Does not block. */
    public Optional<PolicyBook> book() {
        return loaded ? Optional.of(book) : Optional.empty();
    }

    /**
     * Completes when everything published before the call is known. However many ask, one refresh runs and at most one waits.
     */
    public synchronized CompletionStage<Void> refreshed() {
        if (following == null) {
            CompletableFuture<Void> next = running.handle((done, failure) -> null)
                    .thenRunAsync(
                            () -> {
                                begun();
                                load();
                            },
                            blocking);
            following = next;
            running = next;
            // Also when there was no room for the task, so that it never began: else nobody would ever refresh again.
            var unused = next.whenComplete((done, failure) -> ended(next));
            return next;
        }
        return running;
    }

    private synchronized void ended(CompletableFuture<Void> refresh) {
        if (following == refresh) {
            following = null;
        }
    }

    /** Publishes a policy. The stage completes when Kafka has acknowledged. */
    public CompletionStage<Publication> publish(Policy policy) {
        return CompletableFuture.supplyAsync(() -> publishBlocking(policy), blocking);
    }

    private Publication publishBlocking(Policy policy) {
        // One at a time, so that two requests cannot both find a version unpublished.
        synchronized (publishing) {
            load();
            Optional<Policy> known = book.find(policy.version(), policy.language());
            if (known.isPresent()) {
                return known.get().samePublicationAs(policy)
                        ? new Publication.AlreadyPublished(known.get())
                        : new Publication.Conflict();
            }
            publisher
                    .publishTo(Topic.CONSENTS, PARTITION, SignupEvents.published(policy))
                    .toCompletableFuture()
                    .orTimeout(PUBLICATION_LIMIT.toMillis(), TimeUnit.MILLISECONDS)
                    .join();
            add(policy);
            return new Publication.Published(policy);
        }
    }

    /** The version in force, for refusals. */
    public Optional<String> current(Instant now) {
        return book.current(now);
    }

    private synchronized void begun() {
        following = null;
    }

    private void load() {
        var published = source.published();
        synchronized (this) {
            // Merged, not replaced: what this process has just published may be newer than what was read.
            book = book.with(published);
            loaded = true;
        }
    }

    private synchronized void add(Policy policy) {
        book = book.with(List.of(policy));
    }
}
