package org.brokerhandoff.router.purge;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.brokerhandoff.event.ConsentWithdrawn;
import org.brokerhandoff.event.Purged;
import org.brokerhandoff.event.RecordsFinished;

/** Topic {@code purges}, which may fail for some. */
final class PurgeLogInMemory implements PurgeLog {
    final List<Purged> purged = new ArrayList<>();
    final List<ConsentWithdrawn> withdrawn = new ArrayList<>();
    final List<RecordsFinished> finished = new ArrayList<>();
    boolean silent;
    final Set<UUID> failing = new HashSet<>();

    @Override
    public CompletionStage<?> publish(UUID signupId, Purged event) {
        if (failing.contains(signupId)) {
            return CompletableFuture.failedFuture(new IllegalStateException("no acknowledgement"));
        }
        purged.add(event);
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletionStage<?> publish(UUID signupId, ConsentWithdrawn event) {
        withdrawn.add(event);
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletionStage<?> publish(RecordsFinished event) {
        if (silent) {
            return CompletableFuture.failedFuture(new IllegalStateException("no acknowledgement"));
        }
        finished.add(event);
        return CompletableFuture.completedFuture(null);
    }
}
