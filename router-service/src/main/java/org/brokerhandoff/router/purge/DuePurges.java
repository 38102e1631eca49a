package org.brokerhandoff.router.purge;

import static org.brokerhandoff.custody.Answers.awaited;

import java.time.Instant;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.brokerhandoff.custody.KeyCustody;

/**
 * Due purges of one partition of {@code signups} that this router owns: a mailbox, which any thread may fill, and
 * the purge thread's queue.
 */
final class DuePurges {
    private final Queue<Told> told = new ConcurrentLinkedQueue<>();
    private final PurgeQueue queue;
    /** Size of the queue. */
    private volatile int queued;
    /** Callers that wait for the purge of a record without a slot. */
    private final Map<PendingPurge.Key, CompletableFuture<Boolean>> waiting = new ConcurrentHashMap<>();

    /**
     * A purge that is due.
     *
     * @param hasSlot whether an erased slot waits for it
     */
    private record Told(PendingPurge purge, boolean hasSlot) {}

    DuePurges(PurgeQueue queue) {
        this.queue = queue;
    }

    // ------------------------------------------------------------ any thread; nothing blocks

    /** Tells of a purge for which an erased slot waits. */
    void tell(PendingPurge purge) {
        told.add(new Told(purge, true));
    }

    /** Tells of a purge without a slot; completes with whether it was acknowledged. */
    CompletableFuture<Boolean> tellWithoutSlot(PendingPurge purge) {
        CompletableFuture<Boolean> acknowledged =
                waiting.computeIfAbsent(purge.key(), key -> new CompletableFuture<>());
        told.add(new Told(purge, false));
        return acknowledged;
    }

    /** The partition is another router's, which will publish the purges: callers do not wait any longer. */
    void gone() {
        waiting.values().forEach(each -> each.complete(false));
    }

    /** Purges that are due and not published. Never too few: what is moved counts twice for a moment. */
    int pending() {
        return told.size() + queued;
    }

    // ------------------------------------------------------------ purge thread

    PurgeQueue queue() {
        return queue;
    }

    /** Moves what was told into the queue. */
    void take(KeyCustody custody, Instant now) {
        for (Told next = told.peek(); next != null; next = told.peek()) {
            PendingPurge.Key key = next.purge().key();
            // A slot that the scan found first may have been purged and freed by now.
            boolean purged = next.hasSlot()
                    && !queue.contains(key)
                    && awaited(custody.read(key.slot()))
                            .filter(slot -> slot.signupId().equals(key.signupId()))
                            .isEmpty();
            if (!purged) {
                queue.add(next.purge(), now);
            }
            count();
            told.remove();
        }
    }

    /** The queue has changed. */
    void count() {
        queued = queue.size();
    }

    /** Kafka has the purge. */
    void acknowledged(PendingPurge.Key key) {
        queue.acknowledged(key);
        count();
        CompletableFuture<Boolean> whoWaits = waiting.remove(key);
        if (whoWaits != null) {
            whoWaits.complete(true);
        }
    }
}
