package org.brokerhandoff.custody.cells;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.brokerhandoff.custody.Answers;
import org.brokerhandoff.custody.CustodyException;
import org.brokerhandoff.custody.EraseOutcome;
import org.brokerhandoff.custody.EraseReason;
import org.brokerhandoff.custody.SweepResult;
import org.brokerhandoff.custody.cells.decisions.DecisionStore;
import org.brokerhandoff.custody.cells.rules.CellSet;
import org.brokerhandoff.custody.cells.rules.CustodyRow;
import org.brokerhandoff.custody.cells.rules.RowRules;

/**
 * Looks through the rows: keys past their end are destroyed, erasures that seem abandoned are finished, and cells that were away are told again.
 * Every process of every host does so; two do no harm. For one caller at a time.
 */
final class CellSweep {
    private static final int MOST_ROWS = 1000;

    private final DecisionStore store;
    private final CellErasure erasure;
    private final CellRoster roster;
    /** Rows that were {@code ERASING} at the last sweep: the process that began it may be at work, and is given that long. */
    private Set<Long> erasing = Set.of();

    CellSweep(DecisionStore store, CellRoster roster, CellErasure erasure) {
        this.store = store;
        this.erasure = erasure;
        this.roster = roster;
    }

    SweepResult sweep(Instant now) {
        List<CompletionStage<EraseOutcome>> expiring = new ArrayList<>();
        List<CompletionStage<EraseOutcome>> finishing = new ArrayList<>();
        List<CompletionStage<?>> others = new ArrayList<>();
        Set<Long> nowErasing = new HashSet<>();
        CellSet usable = roster.usable();
        for (CustodyRow row : store.due(now, MOST_ROWS)) {
            switch (RowRules.sweeping(row, now)) {
                case EXPIRE -> expiring.add(erase(row, EraseReason.EXPIRED, now));
                case FINISH -> {
                    nowErasing.add(row.hold());
                    if (erasing.contains(row.hold())) {
                        finishing.add(erase(row, row.reason().orElse(EraseReason.EXPIRED), now));
                    }
                }
                case DESTROY_AGAIN -> {
                    if (row.zeroed().others().cells().anyMatch(usable::has)) {
                        others.add(erasure.destroyLeft(row));
                    }
                }
                case NOTHING -> {
                    // It was due by the query's time, and is not by what the row says.
                }
            }
        }
        erasing = nowErasing;
        long expired = ended(expiring);
        long finished = ended(finishing);
        others.forEach(CellSweep::awaited);
        long unfinished = expiring.size() + finishing.size() - expired - finished;
        if (unfinished > 0) {
            throw new CustodyException(unfinished + " keys are not destroyed yet; it is tried again");
        }
        return new SweepResult((int) expired, (int) finished, 0, 0);
    }

    private CompletionStage<EraseOutcome> erase(CustodyRow row, EraseReason reason, Instant now) {
        return erasure.erase(row.view().reference(), row.signupId(), reason, now);
    }

    /** How many were brought to an end, be it by another process. */
    private static long ended(List<CompletionStage<EraseOutcome>> erasures) {
        return erasures.stream().filter(CellSweep::awaited).count();
    }

    private static boolean awaited(CompletionStage<?> stage) {
        try {
            var unused = Answers.awaited(stage);
            return true;
        } catch (CompletionException | CustodyException e) {
            return false;
        }
    }
}
