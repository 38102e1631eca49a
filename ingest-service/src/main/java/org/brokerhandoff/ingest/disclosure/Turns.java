package org.brokerhandoff.ingest.disclosure;

import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Supplier;

/** Lets what this process does about one signup happen one after the other. Blocks no thread. Thread-safe. */
final class Turns {
    private final ConcurrentMap<UUID, CompletableFuture<?>> last = new ConcurrentHashMap<>();

    /** Runs {@code work} once everything that was handed in about {@code signupId} before is over. */
    <T> CompletionStage<T> after(UUID signupId, Supplier<CompletionStage<T>> work) {
        CompletableFuture<T> own = new CompletableFuture<>();
        CompletableFuture<?> before = last.put(signupId, own);
        CompletableFuture<?> start = before == null ? CompletableFuture.completedFuture(null) : before;
        var unused = start.handle((result, failure) -> work.get())
                .thenCompose(stage -> stage)
                .whenComplete((result, failure) -> {
                    last.remove(signupId, own);
                    if (failure == null) {
                        own.complete(result);
                    } else {
                        own.completeExceptionally(failure);
                    }
                });
        return own;
    }
}
