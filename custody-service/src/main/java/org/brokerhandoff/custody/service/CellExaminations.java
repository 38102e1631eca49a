package org.brokerhandoff.custody.service;

import java.nio.file.Path;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.brokerhandoff.custody.cells.fitness.HostReport;
import org.brokerhandoff.event.CellRun;
import org.brokerhandoff.event.ExaminedCell;
import org.brokerhandoff.event.ServiceName;
import org.brokerhandoff.preflight.CustodyExamination;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What this process has found of the cells, and what it has said of them. A cell that is away keeps what was found of its newest start: its engine may
 * run on, and what it has confirmed before counts.
 */
final class CellExaminations {
    private static final Logger LOG = LoggerFactory.getLogger(CellExaminations.class);
    /** Of a run id, in hexadecimal digits. */
    private static final int RUN_ID_DIGITS = 40;

    private final Path beside;
    private final int roster;
    private final Map<Integer, ExaminedCell> fit = new TreeMap<>();
    private List<ExaminedCell> said = List.of();

    /**
     * Nothing yet.
     *
     * @param beside a file of this process
     * @param roster number of the three cells
     */
    CellExaminations(Path beside, int roster) {
        this.beside = beside;
        this.roster = roster;
    }

    /** An examination by how the cells are now. */
    synchronized CustodyExamination again(
            ServiceName service, boolean databaseFit, List<CellState> states, Instant now) {
        said = noted(states);
        return CustodyExamination.ofCells(service, beside, databaseFit, said, now);
    }

    /** Tells of another examination, if a cell is not as the one before said. */
    synchronized void lookAgain(
            ServiceName service,
            boolean databaseFit,
            List<CellState> states,
            Instant now,
            Function<CustodyExamination, CompletionStage<?>> told) {
        if (noted(states).equals(said)) {
            return;
        }
        try {
            var unused = told.apply(again(service, databaseFit, states, now)).whenComplete((done, failure) -> {
                if (failure != null) {
                    failed(failure);
                }
            });
        } catch (RuntimeException e) {
            failed(e);
        }
    }

    private synchronized void failed(Throwable failure) {
        LOG.warn(
                "an examination of cells is not published: {}",
                failure.getClass().getSimpleName());
        said = List.of();
    }

    private List<ExaminedCell> noted(List<CellState> states) {
        for (int cell = 0; cell < states.size(); cell++) {
            if (states.get(cell) instanceof CellState.Fit found && found.runId().length() == RUN_ID_DIGITS) {
                fit.put(cell, examined(cell, found));
            } else if (states.get(cell) instanceof CellState.Unfit) {
                fit.remove(cell);
            }
        }
        return List.copyOf(fit.values());
    }

    /** Where no agent says anything of its memory, that counts as if it might reach a disk. */
    private ExaminedCell examined(int cell, CellState.Fit found) {
        return ExaminedCell.newBuilder()
                .setRoster(roster)
                .setCell(cell)
                .setRun(new CellRun(HexFormat.of().parseHex(found.runId())))
                .setSwap(found.host().map(HostReport::swap).orElse(true))
                .setCoreDumps(found.host().map(HostReport::coreDumps).orElse(true))
                .build();
    }
}
