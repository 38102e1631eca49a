package org.brokerhandoff.ingest.policy;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.brokerhandoff.event.DocumentKind;
import org.brokerhandoff.ingest.domain.Policy;

/**
 * The published documents, public. Strangers may ask, so only published texts cost more than a memory lookup: a text that is not cached is
 * read on a separate executor. Thread-safe.
 */
public final class Documents {
    /** Some thirty texts of the largest size, or hundreds of usual ones. */
    private static final long MOST_CACHED_BYTES = 8L * 1024 * 1024;

    private static final Duration READING_LIMIT = Duration.ofSeconds(3);

    private final Policies policies;
    private final TextStore texts;
    private final InstantSource clock;
    private final Executor reading;
    private final TextCache cache = new TextCache(MOST_CACHED_BYTES);

    /** @param reading executor that reads texts, which blocks; bounded */
    public Documents(Policies policies, TextStore texts, InstantSource clock, Executor reading) {
        this.policies = policies;
        this.texts = texts;
        this.clock = clock;
        this.reading = reading;
    }

    /**
     * The document of {@code kind} in force now; empty if none is, or none in that language. Fails with {@link NotUpToDate} while recent
     * publications are unknown: an older text must not be presented as the newest.
     */
    public CompletionStage<Optional<Document>> current(DocumentKind kind, Optional<String> language) {
        Optional<PolicyBook> book = policies.book();
        if (book.isEmpty()) {
            return CompletableFuture.failedFuture(new NotUpToDate());
        }
        Optional<Policy> inForce = book.get().inForce(kind, language, clock.instant());
        return inForce.isEmpty()
                ? CompletableFuture.completedFuture(Optional.empty())
                : read(inForce.get().sha256()).thenApply(text -> Optional.of(new Document(inForce.get(), text)));
    }

    /** The text of a published document by its digest; empty if none has it, or its text was not submitted. */
    public CompletionStage<Optional<byte[]>> text(String sha256) {
        // A published text never changes: stale knowledge suffices.
        return policies.isPublished(sha256) ? read(sha256) : CompletableFuture.completedFuture(Optional.empty());
    }

    private CompletionStage<Optional<byte[]>> read(String sha256) {
        Optional<byte[]> cached = cache.find(sha256);
        if (cached.isPresent()) {
            return CompletableFuture.completedFuture(cached);
        }
        return CompletableFuture.supplyAsync(
                () -> {
                    Optional<byte[]> found = texts.find(sha256, READING_LIMIT);
                    found.ifPresent(text -> cache.put(sha256, text));
                    return found;
                },
                reading);
    }

    /** Recent publications are unknown. */
    public static final class NotUpToDate extends RuntimeException {
        private static final long serialVersionUID = 1L;

        NotUpToDate() {
            super("what was published recently is not known", null, false, false);
        }
    }
}
