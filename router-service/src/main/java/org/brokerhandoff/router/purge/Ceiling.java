package org.brokerhandoff.router.purge;

import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.brokerhandoff.custody.CellConfirmation;
import org.brokerhandoff.event.CellReadBack;
import org.brokerhandoff.event.CellRun;
import org.brokerhandoff.event.CustodyExamined;
import org.brokerhandoff.event.ExaminedCell;
import org.brokerhandoff.event.PurgeLevel;
import org.brokerhandoff.event.RandomId;
import org.brokerhandoff.schemas.CustodyCeiling;

/**
 * How far this router's claims may go. Each claim names the examination that permits it, so that an auditor need not find it by comparing
 * the clocks of two hosts.
 *
 * @param instance this router's newest examination in the log
 * @param highest the highest level that its purges may claim, whatever the brokers show
 * @param cells of keys in memory cells: the starts of cells that its examinations in the log found fit, and whether what they overwrite is on no disk
 *     of their hosts either; empty of keys in a slot file
 */
public record Ceiling(RandomId instance, PurgeLevel highest, Optional<Map<CellConfirmation, Boolean>> cells) {
    /**
     * What one purge may say.
     *
     * @param cells whose word counts
     * @param most the highest level
     */
    record OfPurge(List<CellReadBack> cells, PurgeLevel most) {}

    /** Copies the map. */
    public Ceiling {
        cells = cells.map(Map::copyOf);
    }

    /** That of keys in a slot file. */
    public Ceiling(RandomId instance, PurgeLevel highest) {
        this(instance, highest, Optional.empty());
    }

    /** What {@code examined} permits. */
    public static Ceiling of(CustodyExamined examined) {
        return new Ceiling(
                examined.getInstance(),
                examined.getHighestLevel(),
                Optional.ofNullable(examined.getCells()).map(Ceiling::starts));
    }

    /** After another examination is in the log: what cells have confirmed under an earlier start of theirs still counts. */
    public Ceiling then(CustodyExamined examined) {
        Ceiling next = of(examined);
        Map<CellConfirmation, Boolean> all = new HashMap<>(cells.orElse(Map.of()));
        all.putAll(next.cells.orElse(Map.of()));
        return new Ceiling(next.instance, next.highest, next.cells.map(newer -> all));
    }

    private static Map<CellConfirmation, Boolean> starts(List<ExaminedCell> cells) {
        Map<CellConfirmation, Boolean> starts = new HashMap<>();
        cells.forEach(cell -> starts.put(
                new CellConfirmation(
                        cell.getRoster(),
                        cell.getCell(),
                        HexFormat.of().formatHex(cell.getRun().bytes())),
                CustodyCeiling.forgets(cell)));
        return starts;
    }

    /**
     * What a purge may say of a key that these cells have overwritten. A start that no examination of this router found fit has no word; where fewer than
     * two are left, none is named.
     */
    OfPurge permits(List<CellConfirmation> confirmed) {
        if (cells.isEmpty()) {
            return new OfPurge(List.of(), highest);
        }
        List<CellConfirmation> counting =
                confirmed.stream().filter(cells.get()::containsKey).toList();
        boolean forgotten = enough(counting.stream().filter(cells.get()::get).toList());
        return new OfPurge(
                enough(counting) ? counting.stream().map(Ceiling::event).toList() : List.of(),
                forgotten ? highest : PurgeLevel.UNREADABLE);
    }

    private static boolean enough(List<CellConfirmation> confirmed) {
        return confirmed.stream().map(CellConfirmation::cell).distinct().count() >= CustodyCeiling.CELLS_NEEDED;
    }

    private static CellReadBack event(CellConfirmation confirmed) {
        return CellReadBack.newBuilder()
                .setRoster(confirmed.roster())
                .setCell(confirmed.cell())
                .setRun(new CellRun(HexFormat.of().parseHex(confirmed.runId())))
                .build();
    }
}
