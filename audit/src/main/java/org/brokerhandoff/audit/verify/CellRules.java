package org.brokerhandoff.audit.verify;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.brokerhandoff.event.PurgeLevel;
import org.brokerhandoff.event.RandomId;
import org.brokerhandoff.event.ReadBack;
import org.brokerhandoff.schemas.CustodyCeiling;

/** Rules on keys whose shares were in memory cells. */
final class CellRules {
    private static final int CELLS = 3;

    static final Rule CELLS_READ_BACK = Rule.ofSignup(
            "cells-read-back",
            "A purge that names memory cells names two of three, by starts of theirs that an examination found fit; and one that claims"
                    + " more than UNREADABLE of their word names two whose memory reaches no disk.",
            (signup, scope) -> signup.all(PurgeFact.class).stream()
                    .flatMap(purge -> wrong(purge, scope.publications()).stream())
                    .distinct()
                    .toList());

    static final List<Rule> ALL = List.of(CELLS_READ_BACK);

    private CellRules() {}

    private static List<String> wrong(PurgeFact purge, Publications publications) {
        List<String> found = new ArrayList<>();
        CellStarts known = publications.starts().cells();
        List<CellStart> named = purge.cells();
        if (named != null) {
            found.addAll(wrong(purge, named, known));
        }
        if (purge.level() != PurgeLevel.UNREADABLE && ofCells(purge, publications)) {
            List<CellStart> forgetting = named == null
                    ? List.of()
                    : named.stream().filter(known.forgetting()::contains).toList();
            if (tooFew(forgetting)) {
                found.add("it claims " + purge.level()
                        + ", and names no two cells whose memory is known to reach no disk");
            }
        }
        return found;
    }

    private static List<String> wrong(PurgeFact purge, List<CellStart> named, CellStarts known) {
        List<String> found = new ArrayList<>();
        if (purge.readBack() != ReadBack.CELLS) {
            found.add("it names cells, but not as those that have read the key back");
        }
        boolean ofOneRoster = named.stream().map(CellStart::roster).distinct().count() <= 1;
        boolean numbered = named.stream().allMatch(cell -> cell.cell() >= 0 && cell.cell() < CELLS);
        if (tooFew(named) || !ofOneRoster || !numbered) {
            found.add("it does not name two of three cells that have read the key back");
        }
        named.stream()
                .filter(cell -> !known.fit().contains(cell))
                .map(cell -> "it names a start of " + cell + " that no examination found fit")
                .forEach(found::add);
        return found;
    }

    private static boolean ofCells(PurgeFact purge, Publications publications) {
        RandomId instance = purge.instance();
        return instance != null
                && publications
                        .examination(instance)
                        .filter(Publications.Examination::ofCells)
                        .isPresent();
    }

    private static boolean tooFew(Collection<CellStart> cells) {
        return cells.stream().map(CellStart::cell).distinct().count() < CustodyCeiling.CELLS_NEEDED;
    }
}
