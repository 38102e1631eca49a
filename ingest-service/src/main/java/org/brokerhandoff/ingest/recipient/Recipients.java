package org.brokerhandoff.ingest.recipient;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.stream.IntStream;
import org.brokerhandoff.ingest.follow.Refresher;

/**
 * The ids in published versions of the broker directory, in memory. The recipients of a consent enter topics that are kept permanently, so an
 * id that no operator has published stays out of them. A broker that has left the directory keeps its id: consents that list it are valid,
 * and routing skips it. Thread-safe.
 */
public final class Recipients {
    private static final Duration LIMIT = Duration.ofSeconds(3);

    private final Refresher refresher;
    private volatile Set<String> known = Set.of();

    /** What the published directories say about the recipients of a consent. */
    public sealed interface Verdict {
        /** They contain them all. */
        record Known() implements Verdict {}

        /**
         * They lack some.
         *
         * @param indices indices of the missing ones in the query
         */
        record Unknown(List<Integer> indices) implements Verdict {}

        /** No directory is published yet. */
        record NoDirectory() implements Verdict {}

        /** The published directories cannot be read at the moment. */
        record Unreadable() implements Verdict {}
    }

    /**
     * No recipients yet; they are read on the first query for an unknown one.
     *
     * @param blocking runs what blocks
     */
    public Recipients(RecipientSource source, Executor blocking) {
        this.refresher = new Refresher(() -> known = source.recipients(LIMIT), blocking);
    }

    /** Whether all of {@code ids} were published before the call. Does not block; the stage never fails. */
    public CompletionStage<Verdict> judge(List<String> ids) {
        if (known.containsAll(ids)) {
            return CompletableFuture.completedStage(new Verdict.Known());
        }
        return refresher
                .refreshedSoon()
                .handle((done, failure) -> failure == null ? judgeNow(ids) : new Verdict.Unreadable());
    }

    private Verdict judgeNow(List<String> ids) {
        Set<String> published = known;
        if (published.isEmpty()) {
            return new Verdict.NoDirectory();
        }
        List<Integer> unknown = IntStream.range(0, ids.size())
                .filter(index -> !published.contains(ids.get(index)))
                .boxed()
                .toList();
        return unknown.isEmpty() ? new Verdict.Known() : new Verdict.Unknown(unknown);
    }
}
