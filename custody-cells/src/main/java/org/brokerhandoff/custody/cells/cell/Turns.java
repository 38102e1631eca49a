package org.brokerhandoff.custody.cells.cell;

import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Keeps what is under way on a connection so little that no buffer of it outgrows a rinse: of a burst of a thousand shares at once, the cell's
 * memory kept pieces of some after their destruction, from where its buffer had grown to beyond the zeros that were sent after them. Thread-safe.
 */
final class Turns {
    /** With what belongs to it, a share is a little less than 200 bytes on its way. */
    static final int MOST = CellCodec.RINSE_BYTES / 2 / 200;

    private final Queue<Runnable> waiting = new ArrayDeque<>();
    private int underWay;
    private boolean starting;

    /** Runs {@code start} now, or when enough of those before have ended. */
    void enter(Runnable start) {
        synchronized (this) {
            if (underWay >= MOST) {
                waiting.add(start);
                return;
            }
            underWay++;
        }
        start.run();
    }

    /** One has ended. Those that end while they start do not nest. */
    void left() {
        synchronized (this) {
            underWay--;
            if (starting) {
                return;
            }
            starting = true;
        }
        for (Runnable next = next(); next != null; next = next()) {
            next.run();
        }
    }

    private synchronized @Nullable Runnable next() {
        Runnable next = underWay < MOST ? waiting.poll() : null;
        if (next == null) {
            starting = false;
        } else {
            underWay++;
        }
        return next;
    }
}
