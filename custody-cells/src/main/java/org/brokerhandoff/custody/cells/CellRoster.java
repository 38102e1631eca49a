package org.brokerhandoff.custody.cells;

import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.brokerhandoff.custody.DataKey;
import org.brokerhandoff.custody.cells.cell.Cell;
import org.brokerhandoff.custody.cells.cell.CellReading;
import org.brokerhandoff.custody.cells.cell.PutOutcome;
import org.brokerhandoff.custody.cells.decisions.RepairRow;
import org.brokerhandoff.custody.cells.rules.CellContent;
import org.brokerhandoff.custody.cells.rules.CellHandle;
import org.brokerhandoff.custody.cells.rules.CellRuns;
import org.brokerhandoff.custody.cells.rules.CellSet;
import org.brokerhandoff.custody.cells.rules.Deposit;
import org.brokerhandoff.custody.cells.rules.Destruction;
import org.brokerhandoff.custody.cells.rules.Repair;
import org.brokerhandoff.custody.cells.share.CellShare;
import org.brokerhandoff.custody.cells.share.KeyShares;
import org.jspecify.annotations.Nullable;

/**
 * Three cells that hold the same keys, each its share. Stages complete on the event loops of their connections, and exceptionally only if a row
 * cannot be asked.
 */
public final class CellRoster implements AutoCloseable {
    private final List<Cell> cells;
    private final SecureRandom random;

    /**
     * A roster.
     *
     * @param cells three, by their numbers; started by the caller, and closed with the roster
     */
    public CellRoster(List<Cell> cells, SecureRandom random) {
        if (cells.size() != KeyShares.CELLS) {
            throw new IllegalArgumentException("three cells, not " + cells.size());
        }
        this.cells = List.copyOf(cells);
        this.random = random;
    }

    /** The cells that can be asked at present. */
    CellSet usable() {
        CellSet usable = CellSet.NONE;
        for (int cell = 0; cell < KeyShares.CELLS; cell++) {
            usable = cells.get(cell).usable() ? usable.with(cell) : usable;
        }
        return usable;
    }

    /** Brings a key to the cells; whether two have it. If not, it is destroyed there. The key stays the caller's. */
    public CompletionStage<Boolean> deposit(CellHandle handle, DataKey key, Instant expiry) {
        List<CellShare> shares = KeyShares.split(key, parts -> {
            for (int at = 0; at < parts.capacity(); at += DataKey.LENGTH_BYTES) {
                DataKey part = DataKey.random(random);
                part.copyTo(parts.slice(at, DataKey.LENGTH_BYTES));
                part.destroy();
            }
        });
        CompletableFuture<Deposit> ended = CompletableFuture.completedFuture(Deposit.BEGINNING);
        for (int cell = 0; cell < KeyShares.CELLS; cell++) {
            int number = cell;
            ended = ended.thenCombine(
                    cells.get(cell).put(handle, shares.get(cell), expiry),
                    (sofar, put) -> put == PutOutcome.TAKEN ? sofar.taken(number) : sofar.failed(number));
        }
        return ended.whenComplete((deposit, failure) -> shares.forEach(CellShare::destroy))
                .thenCompose(deposit -> deposit.next() instanceof Deposit.Step.WriteRow
                        ? CompletableFuture.completedFuture(true)
                        : destroy(handle).thenApply(destroyed -> false));
    }

    /** Puts a key together, from the first two that answer. */
    public CompletionStage<KeyReading> key(CellHandle handle) {
        KeyAssembly assembly = new KeyAssembly();
        for (Cell cell : cells) {
            var unused = cell.read(handle).thenAccept(assembly::add);
        }
        return assembly.result();
    }

    /**
     * The handles that a cell has something under, be it zeros. Blocks.
     *
     * @throws RuntimeException if it does not answer
     */
    Set<CellHandle> handles(int cell) {
        return cells.get(cell).handles();
    }

    /** Whether a cell has a share, and not zeros, under a handle. */
    CompletionStage<Boolean> hasShare(int cell, CellHandle handle) {
        return cells.get(cell).read(handle).thenApply(reading -> {
            if (reading instanceof CellReading.Share read) {
                read.share().destroy();
            }
            return reading instanceof CellReading.Share;
        });
    }

    /** Has the cells keep a key until then; whether two have something to keep. */
    public CompletionStage<Boolean> keep(CellHandle handle, Instant until) {
        CompletableFuture<CellSet> keeping = CompletableFuture.completedFuture(CellSet.NONE);
        for (int cell = 0; cell < KeyShares.CELLS; cell++) {
            int number = cell;
            keeping = keeping.thenCombine(
                    cells.get(cell).keep(handle, until), (sofar, keeps) -> keeps ? sofar.with(number) : sofar);
        }
        return keeping.thenApply(CellSet::majority);
    }

    /** Destroys a key on every cell that can be reached, and waits for each of the three: what the row is to note. */
    public CompletionStage<Destroyed> destroy(CellHandle handle) {
        return destroy(handle, Destruction.BEGINNING);
    }

    /** Destroys what is left of it on some cells. */
    public CompletionStage<Destroyed> destroyAgain(CellHandle handle, CellSet zeroed) {
        return destroy(handle, new Destruction(zeroed, zeroed));
    }

    /**
     * How far a destruction has come.
     *
     * @param progress by cells
     * @param by the starts of their engines that have read zeros back
     */
    public record Destroyed(Destruction progress, CellRuns by) {
        /** The cells that have overwritten their share, those of before included. */
        public CellSet zeroed() {
            return progress.zeroed();
        }

        private Destroyed after(int cell, Optional<String> zeros) {
            return zeros.map(runId -> new Destroyed(progress.zero(cell), by.with(cell, runId)))
                    .orElseGet(() -> new Destroyed(progress.failed(cell), by));
        }
    }

    private CompletionStage<Destroyed> destroy(CellHandle handle, Destruction before) {
        CompletableFuture<Destroyed> ended = CompletableFuture.completedFuture(new Destroyed(before, CellRuns.NONE));
        if (before.next() instanceof Destruction.Step.Destroy left) {
            for (int cell : left.cells().cells().toArray()) {
                ended = ended.thenCombine(
                        cells.get(cell).destroyBy(handle), (sofar, zeros) -> sofar.after(cell, zeros));
            }
        }
        return ended;
    }

    /** Brings a cell its share of a key again. */
    public CompletionStage<Repair.Outcome> repair(int cell, CellHandle handle, Instant expiry, RepairRow row) {
        Repairing repairing = new Repairing(cell, handle, expiry, row);
        CompletionStage<Repair.Outcome> ended;
        try {
            ended = repairing.goOn(new Repair.Begun());
        } catch (RuntimeException e) {
            ended = CompletableFuture.failedFuture(e);
        }
        return ended.whenComplete((outcome, failure) -> repairing.end());
    }

    @Override
    public void close() {
        cells.forEach(Cell::close);
    }

    /** One repair, step by step as {@link Repair} says. */
    private final class Repairing {
        private final int cell;
        private final CellHandle handle;
        private final Instant expiry;
        private final RepairRow row;
        private volatile @Nullable CellShare share;

        Repairing(int cell, CellHandle handle, Instant expiry, RepairRow row) {
            this.cell = cell;
            this.handle = handle;
            this.expiry = expiry;
            this.row = row;
        }

        CompletionStage<Repair.Outcome> goOn(Repair at) {
            if (at instanceof Repair.Begun begun) {
                return row.lock().thenCompose(live -> goOn(begun.locked(live)));
            } else if (at instanceof Repair.Reading reading) {
                return cells.get((cell + 1) % KeyShares.CELLS)
                        .read(handle)
                        .thenCombine(
                                cells.get((cell + 2) % KeyShares.CELLS).read(handle),
                                (one, other) -> read(reading, one, other))
                        .thenCompose(this::goOn);
            } else if (at instanceof Repair.Ready ready) {
                return cells.get(cell).put(handle, kept(), expiry).thenCompose(put -> goOn(ready.put()));
            } else if (at instanceof Repair.Put put) {
                return row.look().exceptionally(failure -> false).thenCompose(live -> goOn(put.looked(live)));
            } else if (at instanceof Repair.Withdrawing withdrawing) {
                return cells.get(cell).destroy(handle).thenCompose(zeros -> goOn(withdrawing.destroyed()));
            }
            return CompletableFuture.completedFuture(((Repair.Ended) at).outcome());
        }

        private Repair read(Repair.Reading reading, CellReading one, CellReading other) {
            try {
                if (one instanceof CellReading.Share left && other instanceof CellReading.Share right) {
                    Optional<CellShare> third = KeyShares.third(left.share(), right.share());
                    share = third.orElse(null);
                    return reading.read(CellContent.SHARE, third.isPresent() ? CellContent.SHARE : CellContent.NOTHING);
                }
                return reading.read(one.content(), other.content());
            } finally {
                forget(one);
                forget(other);
            }
        }

        private void forget(CellReading reading) {
            if (reading instanceof CellReading.Share read) {
                read.share().destroy();
            }
        }

        private CellShare kept() {
            CellShare kept = share;
            if (kept == null) {
                throw new IllegalStateException("nothing was read");
            }
            return kept;
        }

        void end() {
            CellShare kept = share;
            if (kept != null) {
                kept.destroy();
            }
            row.release();
        }
    }
}
