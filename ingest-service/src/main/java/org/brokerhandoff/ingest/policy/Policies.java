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

/** The published policies, in memory, refreshed from their source. Thread-safe. */
public final class Policies {
    /** Policies concern no signup; one partition gives them an order. */
    public static final int PARTITION = 0;

    /** For callers that wait for an answer. */
    private static final Duration ASKED_LIMIT = Duration.ofSeconds(3);
    /** For the acknowledgement of a text, within the limit of the publication. */
    private static final Duration TEXT_LIMIT = Duration.ofSeconds(8);
    /** In the background: a register some seconds behind is no reason to refuse signups. */
    private static final Duration REFRESH_LIMIT = PolicyTimeline.MOST_UNREAD.minusSeconds(5);

    private final PolicySource source;
    private final TextStore texts;
    private final VersionClaims claims;
    private final EventPublisher publisher;
    private final Executor blocking;
    private final Object publishing = new Object();
    private final Refresher refresher;

    private volatile Known known = new Known(PolicyBook.EMPTY, Optional.empty());

    /**
     * The policies, and when their last read began, by {@link System#nanoTime}: a stepping clock must not make stale knowledge appear fresh.
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
     * @param texts where the texts are kept
     * @param claims decide which text a version gets, if another service publishes it at the same moment
     * @param blocking runs what blocks
     */
    public Policies(
            PolicySource source, TextStore texts, VersionClaims claims, EventPublisher publisher, Executor blocking) {
        this.source = source;
        this.texts = texts;
        this.claims = claims;
        this.publisher = publisher;
        this.blocking = blocking;
        this.refresher = new Refresher(() -> load(REFRESH_LIMIT), blocking);
    }

    /**
     * What is known now; absent while the last successful {@link #refreshed} began more than {@link PolicyTimeline#MOST_UNREAD} ago: a later
     * publication may forbid what was allowed. Does not block.
     */
    public Optional<PolicyBook> book() {
        Known now = known;
        return now.fresh() ? Optional.of(now.book()) : Optional.empty();
    }

    /** Completes when everything published before the call is known. */
    public CompletionStage<Void> refreshed() {
        return refresher.refreshed();
    }

    /** As {@link #refreshed}, for a request: fails after a few seconds. */
    public CompletionStage<Void> refreshedSoon() {
        return refresher.refreshedSoon();
    }

    /**
     * Publishes a document. The stage completes when Kafka has acknowledged. Its text is acknowledged before the document counts as
     * published, so that no consent can name a lost text.
     *
     * @param text in UTF-8; absent if only its digest is known. A repeat of the publication may add it later.
     * @param actor id of the API key used
     */
    public CompletionStage<Publication> publish(Policy policy, Optional<byte[]> text, String actor) {
        return CompletableFuture.supplyAsync(() -> publishBlocking(policy, text, actor), blocking);
    }

    private Publication publishBlocking(Policy policy, Optional<byte[]> text, String actor) {
        long deadline = System.nanoTime() + PolicyTimeline.MOST_UNACKNOWLEDGED.toNanos();
        // Serialised, so that two requests to this service cannot both find a version unpublished.
        synchronized (publishing) {
            load(ASKED_LIMIT);
            Optional<Policy> earlier = known.book().find(policy);
            if (earlier.isPresent() && !earlier.get().samePublicationAs(policy)) {
                return new Publication.Conflict();
            }
            text.ifPresent(bytes -> texts.keep(policy.sha256(), bytes, TEXT_LIMIT));
            if (earlier.isPresent()) {
                return new Publication.AlreadyPublished(earlier.get());
            }
            // As late as possible: a version that was claimed and not published can only be published as claimed.
            if (!claims.claim(policy)) {
                return new Publication.Conflict();
            }
            publisher
                    .publishTo(Topic.CONSENTS, PARTITION, SignupEvents.published(policy, actor))
                    .toCompletableFuture()
                    .orTimeout(deadline - System.nanoTime(), TimeUnit.NANOSECONDS)
                    .join();
            add(policy);
            return new Publication.Published(policy);
        }
    }

    /** Whether a document with this digest is published, by what is known now, however stale. */
    public boolean isPublished(String sha256) {
        return known.book().hasText(sha256);
    }

    /** The version of the privacy policy in force, for refusals. */
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
