package org.brokerhandoff.custody.cells;

import java.time.Instant;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.brokerhandoff.custody.cells.share.KeyShares;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Has cells looked through when they are due, beside the sweeps: a cell that was started again may lack many shares. */
final class CellUpkeep {
    private static final Logger LOG = LoggerFactory.getLogger(CellUpkeep.class);

    private final CellWatch watch;
    private final CellRepair repair;
    private final ExecutorService thread;
    /** Which could not be looked through; on that thread. */
    private final boolean[] failing = new boolean[KeyShares.CELLS];

    private final AtomicBoolean looking = new AtomicBoolean();

    /**
     * An upkeep.
     *
     * @param thread one, which repairs
     */
    CellUpkeep(CellWatch watch, CellRepair repair, ExecutorService thread) {
        this.watch = watch;
        this.repair = repair;
        this.thread = thread;
    }

    /** Does not wait. */
    void look(Instant now) {
        if (!looking.compareAndSet(false, true)) {
            return;
        }
        try {
            thread.execute(() -> {
                try {
                    watch.take(now).forEach(cell -> lookThrough(cell, now));
                } finally {
                    looking.set(false);
                }
            });
        } catch (RejectedExecutionException closed) {
            looking.set(false);
        }
    }

    private void lookThrough(int cell, Instant now) {
        try {
            if (repair.lookThrough(cell, now).left() > 0) {
                watch.again(cell);
            }
            failing[cell] = false;
        } catch (RuntimeException e) {
            // It is due again in a minute, and at once if it was away and is back. Said once, and the kind only.
            if (!failing[cell]) {
                LOG.warn(
                        "cell {} cannot be looked through: {}",
                        cell,
                        e.getClass().getSimpleName());
            }
            failing[cell] = true;
        }
    }
}
