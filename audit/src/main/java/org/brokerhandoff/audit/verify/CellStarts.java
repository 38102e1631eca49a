package org.brokerhandoff.audit.verify;

import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.brokerhandoff.event.CustodyExamined;
import org.brokerhandoff.event.ExaminedCell;
import org.brokerhandoff.schemas.CustodyCeiling;

/**
 * Runs of memory cells that examinations in the log found fit, by any service.
 *
 * @param fit those whose engine may be given shares
 * @param forgetting those among them whose memory provably reaches no disk of their host
 */
public record CellStarts(Set<CellStart> fit, Set<CellStart> forgetting) {
    /** Copies both. */
    public CellStarts {
        fit = Set.copyOf(fit);
        forgetting = Set.copyOf(forgetting);
    }

    static CellStarts of(Collection<CustodyExamined> examinations) {
        Set<CellStart> fit = new HashSet<>();
        Set<CellStart> forgetting = new HashSet<>();
        for (CustodyExamined examined : examinations) {
            List<ExaminedCell> cells = examined.getCells();
            for (ExaminedCell cell : cells == null ? List.<ExaminedCell>of() : cells) {
                CellStart start = new CellStart(cell.getRoster(), cell.getCell(), cell.getRun());
                fit.add(start);
                if (CustodyCeiling.forgets(cell)) {
                    forgetting.add(start);
                }
            }
        }
        return new CellStarts(fit, forgetting);
    }
}
