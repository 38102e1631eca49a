package org.brokerhandoff.custody;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntPredicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Slots that were free when last checked, so that a hold neither searches nor waits for the file to grow: a
 * thread of its own searches, and makes the file larger, while there are still some left. The caller has to claim the slot;
 * another process may have been faster.
 */
final class FreeSlots implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(FreeSlots.class);
    private static final long CLOSE_WAIT_SECONDS = 30;
    private static final int MOST_FOUND = 16_384;
    private static final int MOST_FREED = 4096;
    /** How much longer than a search the pause after it is, when it found few. */
    private static final int QUIET_TIMES = 20;
    /** A search is asked for when fewer are left: what a host can hold while a chunk is written. */
    private static final int MOST_RESERVE = 4096;

    private final SlotRegion region;
    private final int maximumSlots;
    private final int reserve;
    private final IntPredicate grow;
    /** Bounded: a process that frees slots and never holds any would fill it forever. A search finds the others. */
    private final ArrayBlockingQueue<Integer> freed = new ArrayBlockingQueue<>(MOST_FREED);

    private final ConcurrentLinkedQueue<CompletableFuture<Boolean>> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean asked = new AtomicBoolean();
    private final ExecutorService scout = Executors.newSingleThreadExecutor(task -> {
        Thread thread = new Thread(task, "custody-free-slots");
        thread.setDaemon(true);
        return thread;
    });
    private volatile Found found = new Found(new int[0]);

    /** Until this {@link System#nanoTime}, no search is begun: at most half of one core goes into searching a full file. */
    private volatile long restUntilNanos = System.nanoTime();

    /** Until this, none is begun ahead of need: a file that is nearly full would be searched for every hold. */
    private volatile long quietUntilNanos = System.nanoTime();

    private int from; // where the last search ended; on the scout's thread only

    private static final class Found {
        final int[] slots;
        final AtomicInteger next = new AtomicInteger();

        Found(int[] slots) {
            this.slots = slots;
        }

        int left() {
            return Math.max(0, slots.length - next.get());
        }
    }

    /**
     * @param grow makes the file larger than the given number of slots; false if it cannot
     */
    FreeSlots(SlotRegion region, int chunkSlots, int maximumSlots, IntPredicate grow) {
        this.region = region;
        this.maximumSlots = maximumSlots;
        this.reserve = Math.min(MOST_RESERVE, chunkSlots / 2);
        this.grow = grow;
    }

    /** Looks for the first ones; before any other call. */
    void fill() {
        found = new Found(free(Math.min(region.slots(), maximumSlots)));
    }

    /** A slot that was free when it was looked at; -1 if none is known. */
    int take() {
        Integer given = freed.poll();
        if (given != null) {
            return given;
        }
        Found now = found;
        int index = now.next.get() < now.slots.length ? now.next.getAndIncrement() : now.slots.length;
        if (now.slots.length - index <= reserve && System.nanoTime() - quietUntilNanos >= 0) {
            search();
        }
        return index < now.slots.length ? now.slots[index] : -1;
    }

    /** This process gave a slot back. */
    void freed(int slot) {
        // Beyond the maximum it is for the process that may use it.
        if (slot < maximumSlots) {
            var unused = freed.offer(slot);
        }
    }

    /** Slots known to have been given back. */
    int freedCount() {
        return freed.size();
    }

    /** Completes after a search, with whether it is worth calling {@link #take} again. */
    CompletableFuture<Boolean> more() {
        if (!freed.isEmpty() || found.left() > 0) {
            return CompletableFuture.completedFuture(true);
        }
        if (System.nanoTime() - restUntilNanos < 0) {
            return CompletableFuture.completedFuture(false);
        }
        CompletableFuture<Boolean> answer = new CompletableFuture<>();
        waiting.add(answer);
        search();
        return answer;
    }

    private void search() {
        if (asked.compareAndSet(false, true)) {
            try {
                scout.execute(this::run);
            } catch (RejectedExecutionException e) {
                asked.set(false);
                drained().forEach(each -> each.complete(false));
            }
        }
    }

    private void run() {
        // Before looking at the waiting callers: those that come later ask for their own search.
        asked.set(false);
        List<CompletableFuture<Boolean>> answers = drained();
        boolean some = false;
        try {
            some = refill();
        } catch (RuntimeException | Error e) {
            LOG.error("free slots cannot be searched for: {}", e.getClass().getName());
        }
        for (CompletableFuture<Boolean> each : answers) {
            each.complete(some);
        }
    }

    private List<CompletableFuture<Boolean>> drained() {
        List<CompletableFuture<Boolean>> all = new ArrayList<>();
        for (CompletableFuture<Boolean> each = waiting.poll(); each != null; each = waiting.poll()) {
            all.add(each);
        }
        return all;
    }

    /** Whether there are free slots now. */
    private boolean refill() {
        int slots = Math.min(region.refreshed(), maximumSlots);
        long began = System.nanoTime();
        int[] free = free(slots);
        long now = System.nanoTime();
        while (free.length <= reserve && slots < maximumSlots && grow.test(slots)) {
            int before = slots;
            slots = Math.min(region.refreshed(), maximumSlots);
            int[] more = Arrays.copyOf(free, free.length + slots - before);
            for (int slot = before; slot < slots; slot++) {
                more[free.length + slot - before] = slot;
            }
            free = more;
        }
        if (free.length <= reserve) {
            restUntilNanos = now + (now - began);
            quietUntilNanos = now + QUIET_TIMES * (now - began);
        }
        found = new Found(free);
        return free.length > 0 || !freed.isEmpty();
    }

    /** Free slots from where the last search ended, so that a file with many is not read as a whole. */
    private int[] free(int slots) {
        int[] free = new int[Math.min(MOST_FOUND, slots)];
        int count = 0;
        for (int looked = 0; looked < slots && count < free.length; looked++) {
            int slot = from < slots ? from : 0;
            from = slot + 1;
            if (StateWord.state(region.word(slot)) == StateWord.FREE) {
                free[count++] = slot;
            }
        }
        return Arrays.copyOf(free, count);
    }

    @Override
    public void close() {
        // Not interrupted: that would close the slot file's channel. Waited for: holds wait for it.
        scout.shutdown();
        boolean interrupted = false;
        try {
            if (!scout.awaitTermination(CLOSE_WAIT_SECONDS, TimeUnit.SECONDS)) {
                LOG.warn("the search for free slots has not ended");
            }
        } catch (InterruptedException e) {
            interrupted = true;
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
