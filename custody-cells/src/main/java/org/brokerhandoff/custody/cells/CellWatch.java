package org.brokerhandoff.custody.cells;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.stream.IntStream;
import org.brokerhandoff.custody.cells.cell.CellListener;
import org.brokerhandoff.custody.cells.fitness.CellFacts;
import org.brokerhandoff.custody.cells.fitness.CellFinding;
import org.brokerhandoff.custody.cells.share.KeyShares;

/** Which cells have to be looked through: each that has come back, be it that it was started again or that it was cut off, and each once a minute. */
public final class CellWatch implements CellListener {
    private static final Duration PERIOD = Duration.ofMinutes(1);

    /** By cell, when it has to be looked through. */
    private final AtomicReferenceArray<Instant> due = new AtomicReferenceArray<>(
            IntStream.range(0, KeyShares.CELLS).mapToObj(cell -> Instant.MIN).toArray(Instant[]::new));

    @Override
    public void examined(int cell, boolean startedAgain, CellFacts facts, List<CellFinding> findings) {
        due.set(cell, Instant.MIN);
    }

    @Override
    public void lost(int cell) {
        // It is looked through when it is back.
    }

    /** The cells that are due now; each is due again a period later, or when it has come back. */
    List<Integer> take(Instant now) {
        return IntStream.range(0, KeyShares.CELLS)
                .filter(cell -> {
                    Instant at = due.get(cell);
                    // A clock that was set back must not put it off.
                    boolean isDue = !now.isBefore(at) || at.isAfter(now.plus(PERIOD));
                    return isDue && due.compareAndSet(cell, at, now.plus(PERIOD));
                })
                .boxed()
                .toList();
    }

    /** It could not be looked through. */
    void again(int cell) {
        due.set(cell, Instant.MIN);
    }
}
