package org.brokerhandoff.custody.service;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Syncs what a service writes beside custody, on a thread of its own, once for all that asked while the sync before was under way. */
final class JournalSync implements AutoCloseable {
    private static final long END_LIMIT_SECONDS = 10;

    private final ExecutorService thread = Executors.newSingleThreadExecutor(task -> {
        Thread made = new Thread(task, "custody-journal");
        made.setDaemon(true);
        return made;
    });
    private volatile @Nullable Runnable sync;
    private @Nullable CompletableFuture<Void> next; // guarded by this

    /** Has this run. */
    void with(Runnable work) {
        sync = work;
    }

    /** Completes once a sync that began after this call has ended, exceptionally if that threw something. */
    synchronized CompletionStage<Void> synced() {
        Runnable work = sync;
        if (work == null) {
            return CompletableFuture.completedFuture(null);
        }
        CompletableFuture<Void> waiting = next;
        if (waiting == null) {
            CompletableFuture<Void> begun = new CompletableFuture<>();
            next = begun;
            waiting = begun;
            try {
                thread.execute(() -> run(work, begun));
            } catch (RejectedExecutionException closed) {
                begun.completeExceptionally(closed);
            }
        }
        return waiting;
    }

    private void run(Runnable work, CompletableFuture<Void> told) {
        synchronized (this) {
            next = null;
        }
        try {
            work.run();
            told.complete(null);
        } catch (RuntimeException | Error e) {
            // Nobody is to wait for ever for what has failed.
            told.completeExceptionally(e);
        }
    }

    @Override
    public void close() {
        thread.shutdown();
        try {
            var unused = thread.awaitTermination(END_LIMIT_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
