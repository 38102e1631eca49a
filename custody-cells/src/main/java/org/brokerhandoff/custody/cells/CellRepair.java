package org.brokerhandoff.custody.cells;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.brokerhandoff.custody.Answers;
import org.brokerhandoff.custody.cells.decisions.DecisionStore;
import org.brokerhandoff.custody.cells.rules.CellHandle;
import org.brokerhandoff.custody.cells.rules.CellSet;
import org.brokerhandoff.custody.cells.rules.CustodyRow;
import org.brokerhandoff.custody.cells.rules.Repair;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares a cell with the rows: it gets the shares that it lacks, and what it has without a row is destroyed. A key of which two cells have lost
 * their shares is erased as {@code LOST}, unless a broker was offered it: then the router asks that broker, until the key's end. Every process does
 * so; two do no harm. Blocks; for one caller at a time.
 */
final class CellRepair {
    private static final Logger LOG = LoggerFactory.getLogger(CellRepair.class);
    private static final int ROWS_AT_ONCE = 2000;
    /** Each keeps a connection to the database. */
    static final int REPAIRS_AT_ONCE = 3;
    /** A stalled repairer must not block an erasure for longer. */
    private static final Duration LOCK_LIMIT = Duration.ofSeconds(10);
    /** The cells' clocks are within a second of ours: what ends so soon may be gone there, and is not lost but expired. */
    private static final Duration ENDING = Duration.ofSeconds(5);

    private final DecisionStore store;
    private final CellRoster roster;
    private final CellErasure erasure;
    private final Executor executor;
    /** By cell, what had no row when it was last looked through: its row may have been on its way. */
    private final Map<Integer, Set<CellHandle>> withoutRow = new HashMap<>();

    CellRepair(DecisionStore store, CellRoster roster, CellErasure erasure, Executor executor) {
        this.store = store;
        this.roster = roster;
        this.erasure = erasure;
        this.executor = executor;
    }

    /**
     * What was found.
     *
     * @param repaired shares that the cell has again
     * @param lost keys that were erased because two cells have lost them
     * @param destroyed shares that had no row, at this look and the one before
     * @param left keys that could not be repaired yet
     */
    record Look(int repaired, int lost, int destroyed, int left) {}

    /**
     * Looks a cell through.
     *
     * @throws RuntimeException if the cell or the database does not answer
     */
    Look lookThrough(int cell, Instant now) {
        // Before the handles: what has a row has been put before, and is on the cell if it was ever taken.
        Map<CellHandle, CustodyRow> rows = liveRows();
        Set<CellHandle> there = roster.handles(cell);
        List<CustodyRow> missing = rows.values().stream()
                .filter(row -> !there.contains(row.handle()) && now.plus(ENDING).isBefore(row.end()))
                .toList();
        Look repaired = repair(cell, missing, now);
        there.removeAll(rows.keySet());
        int destroyed = destroy(cell, there);
        Look look = new Look(repaired.repaired(), repaired.lost(), destroyed, repaired.left());
        if (!look.equals(new Look(0, 0, 0, 0))) {
            LOG.info("cell {} was looked through: {}", cell, look);
        }
        return look;
    }

    private Map<CellHandle, CustodyRow> liveRows() {
        Map<CellHandle, CustodyRow> rows = new LinkedHashMap<>();
        long last = 0;
        List<CustodyRow> some;
        do {
            some = store.liveAfter(last, ROWS_AT_ONCE);
            some.forEach(row -> rows.put(row.handle(), row));
            last = some.isEmpty() ? last : some.get(some.size() - 1).hold();
        } while (some.size() == ROWS_AT_ONCE);
        return rows;
    }

    private Look repair(int cell, List<CustodyRow> missing, Instant now) {
        int repaired = 0;
        int lost = 0;
        int left = 0;
        for (int from = 0; from < missing.size(); from += REPAIRS_AT_ONCE) {
            List<CustodyRow> some = missing.subList(from, Math.min(from + REPAIRS_AT_ONCE, missing.size()));
            List<CompletionStage<Repair.Outcome>> repairs = new ArrayList<>();
            some.forEach(row -> repairs.add(
                    roster.repair(cell, row.handle(), row.end(), store.repairing(row, executor, LOCK_LIMIT))));
            for (int at = 0; at < some.size(); at++) {
                switch (Answers.awaited(repairs.get(at))) {
                    case REPAIRED -> repaired++;
                    case LATER -> left++;
                    case LOST -> lost += lost(some.get(at), now) ? 1 : 0;
                    case NOT_LIVE, WITHDRAWN -> {
                        // It is erased, or about to be.
                    }
                }
            }
        }
        return new Look(repaired, lost, 0, left);
    }

    /** Asked of all three again: the share may have been put meanwhile by another process. */
    private boolean lost(CustodyRow row, Instant now) {
        KeyReading reading = Answers.awaited(roster.key(row.handle()));
        if (reading instanceof KeyReading.Found found) {
            found.key().destroy();
        }
        return reading instanceof KeyReading.Lost && Answers.awaited(erasure.eraseLost(row, now));
    }

    private int destroy(int cell, Set<CellHandle> nowWithoutRow) {
        Set<CellHandle> before = withoutRow.getOrDefault(cell, Set.of());
        int destroyed = 0;
        Set<CellHandle> kept = new HashSet<>(nowWithoutRow);
        for (CellHandle handle : nowWithoutRow) {
            // Zeros end by themselves, and told to destroy again the cell would keep them for longer.
            if (before.contains(handle) && Answers.awaited(roster.hasShare(cell, handle))) {
                var unused = Answers.awaited(
                        roster.destroyAgain(handle, CellSet.of(cell).others()));
                destroyed++;
                kept.remove(handle);
            }
        }
        withoutRow.put(cell, kept);
        return destroyed;
    }
}
