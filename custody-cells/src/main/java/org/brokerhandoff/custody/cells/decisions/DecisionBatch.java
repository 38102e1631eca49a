package org.brokerhandoff.custody.cells.decisions;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.brokerhandoff.custody.FencingToken;
import org.brokerhandoff.custody.cells.rules.CustodyRow;
import org.brokerhandoff.custody.cells.rules.RowChange;

/**
 * Commands that are decided together on rows as they were read. Those of one row follow each other: each sees what the one before it
 * decided, and all of them count or none does.
 */
final class DecisionBatch {
    /** A row as it was read. */
    record Versioned(CustodyRow row, long version) {}

    /** What is to be written for a row, if its version and the fences of all its commands still hold. */
    record Write(long hold, long version, CustodyRow row, Set<FencingToken> fences) {}

    /** A row that is to go, if its version still holds. */
    record Delete(long hold, long version) {}

    private static final class OneRow {
        private final Optional<Versioned> read;
        private Optional<CustodyRow> row;
        private boolean changed;
        private final Set<FencingToken> fences = new HashSet<>();
        private final List<Command.Decided<?>> decided = new ArrayList<>();

        OneRow(Optional<Versioned> read) {
            this.read = read;
            this.row = read.map(Versioned::row);
        }
    }

    private final Map<Long, OneRow> rows = new LinkedHashMap<>();

    /** Decides all. */
    static DecisionBatch decide(List<Command<?>> commands, Map<Long, Versioned> read, Set<FencingToken> holding) {
        DecisionBatch batch = new DecisionBatch();
        for (Command<?> command : commands) {
            OneRow at =
                    batch.rows.computeIfAbsent(command.hold(), hold -> new OneRow(Optional.ofNullable(read.get(hold))));
            boolean owner = command.fence().map(holding::contains).orElse(true);
            Command.Decided<?> decided;
            try {
                decided = command.decide(at.row, owner);
            } catch (RuntimeException e) {
                command.fail(e);
                continue;
            }
            at.decided.add(decided);
            RowChange change = decided.decision().change();
            if (change instanceof RowChange.Write write) {
                at.row = Optional.of(write.row());
                at.changed = true;
                command.fence().ifPresent(at.fences::add);
            } else if (change instanceof RowChange.Delete) {
                at.row = Optional.empty();
                at.changed = true;
            }
        }
        return batch;
    }

    List<Write> writes() {
        List<Write> writes = new ArrayList<>();
        rows.forEach((hold, at) -> {
            if (at.changed && at.read.isPresent() && at.row.isPresent()) {
                writes.add(new Write(hold, at.read.get().version(), at.row.get(), at.fences));
            }
        });
        return writes;
    }

    List<Delete> deletes() {
        List<Delete> deletes = new ArrayList<>();
        rows.forEach((hold, at) -> {
            if (at.changed && at.read.isPresent() && at.row.isEmpty()) {
                deletes.add(new Delete(hold, at.read.get().version()));
            }
        });
        return deletes;
    }

    /**
     * Tells those whose decision counts.
     *
     * @param written the rows that were written or deleted
     * @return those that have to be decided again
     */
    List<Command<?>> tell(Set<Long> written) {
        List<Command<?>> again = new ArrayList<>();
        rows.forEach((hold, at) -> {
            if (!at.changed || written.contains(hold)) {
                at.decided.forEach(Command.Decided::tell);
            } else {
                at.decided.forEach(decided -> again.add(decided.command()));
            }
        });
        return again;
    }
}
