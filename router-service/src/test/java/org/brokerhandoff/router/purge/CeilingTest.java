package org.brokerhandoff.router.purge;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.brokerhandoff.custody.CellConfirmation;
import org.brokerhandoff.event.CanaryOutcome;
import org.brokerhandoff.event.CellReadBack;
import org.brokerhandoff.event.CellRun;
import org.brokerhandoff.event.CustodyExamined;
import org.brokerhandoff.event.CustodyFileSystem;
import org.brokerhandoff.event.ExaminedCell;
import org.brokerhandoff.event.PurgeLevel;
import org.brokerhandoff.event.RandomId;
import org.brokerhandoff.event.ServiceName;
import org.brokerhandoff.router.Examples;
import org.junit.jupiter.api.Test;

/** What a router says of keys in memory cells, by what of its examinations is in the log. */
class CeilingTest {
    private static String run(int number) {
        return String.format("%040x", number);
    }

    private static ExaminedCell fit(int cell, int run, boolean swap) {
        return new ExaminedCell(1, cell, new CellRun(HexFormat.of().parseHex(run(run))), swap, false);
    }

    private static CustodyExamined examined(int number, PurgeLevel highest, ExaminedCell... cells) {
        byte[] instance = new byte[16];
        instance[15] = (byte) number;
        return CustodyExamined.newBuilder()
                .setInstance(new RandomId(instance))
                .setService(ServiceName.ROUTER)
                .setExaminedAt(Instant.EPOCH)
                .setFileSystem(CustodyFileSystem.UNKNOWN)
                .setSwap(false)
                .setCoreDumps(false)
                .setCanary(CanaryOutcome.NOT_DONE)
                .setFindings(List.of())
                .setDatabaseFit(true)
                .setCells(List.of(cells))
                .setHighestLevel(highest)
                .build();
    }

    /** Of confirmations by these cells, whose start has this number. */
    private static Ceiling.OfPurge permits(Ceiling ceiling, int run, Integer... cells) {
        return ceiling.permits(Stream.of(cells)
                .map(cell -> new CellConfirmation(1, cell, run(run)))
                .toList());
    }

    private static List<Integer> named(Ceiling.OfPurge permitted) {
        return permitted.cells().stream().map(CellReadBack::getCell).toList();
    }

    @Test
    void of_a_slot_file_no_cell_is_named_and_the_level_is_the_examinations() {
        assertThat(Examples.CEILING.permits(List.of()))
                .isEqualTo(new Ceiling.OfPurge(List.of(), Examples.CEILING.highest()));
    }

    @Test
    void two_cells_of_hosts_that_forget_permit_all_and_one_of_them_does_not() {
        Ceiling ceiling =
                Ceiling.of(examined(1, PurgeLevel.ERASED, fit(0, 5, false), fit(1, 5, false), fit(2, 5, true)));
        assertThat(named(permits(ceiling, 5, 0, 1, 2))).containsExactly(0, 1, 2);
        assertThat(permits(ceiling, 5, 0, 1).most()).isEqualTo(PurgeLevel.ERASED);
        assertThat(permits(ceiling, 5, 0, 2).most()).isEqualTo(PurgeLevel.UNREADABLE);
        assertThat(named(permits(ceiling, 5, 0, 2))).containsExactly(0, 2);
    }

    @Test
    void a_start_that_no_examination_in_the_log_names_has_no_word_until_one_does() {
        Ceiling ceiling = Ceiling.of(examined(1, PurgeLevel.ERASED, fit(0, 5, false), fit(1, 5, false)));
        assertThat(permits(ceiling, 6, 0, 1)).isEqualTo(new Ceiling.OfPurge(List.of(), PurgeLevel.UNREADABLE));
        assertThat(named(permits(ceiling, 5, 0))).as("one is not enough").isEmpty();
        CustodyExamined later = examined(2, PurgeLevel.ERASED, fit(0, 6, false), fit(1, 6, false));
        Ceiling then = ceiling.then(later);
        assertThat(then.instance()).isEqualTo(later.getInstance());
        assertThat(permits(then, 6, 0, 1).most()).isEqualTo(PurgeLevel.ERASED);
        assertThat(named(permits(then, 5, 0, 1)))
                .as("what was confirmed before the cells were started again")
                .containsExactly(0, 1);
    }

    @Test
    void no_purge_claims_more_than_the_newest_examination_permits() {
        Ceiling ceiling = Ceiling.of(examined(1, PurgeLevel.ERASED, fit(0, 5, false), fit(1, 5, false)))
                .then(examined(2, PurgeLevel.UNREACHABLE, fit(0, 5, false), fit(1, 5, false)));
        assertThat(permits(ceiling, 5, 0, 1).most()).isEqualTo(PurgeLevel.UNREACHABLE);
    }
}
