package org.brokerhandoff.audit.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.brokerhandoff.audit.verify.SampleHistories.AFTER_THE_HOLD;
import static org.brokerhandoff.audit.verify.SampleHistories.RECEIVED;
import static org.brokerhandoff.audit.verify.SampleHistories.breach;
import static org.brokerhandoff.audit.verify.SampleHistories.delivered;
import static org.brokerhandoff.audit.verify.SampleHistories.foundByItsRuleOnly;
import static org.brokerhandoff.audit.verify.SampleHistories.life;
import static org.brokerhandoff.audit.verify.SampleHistories.permitting;

import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.brokerhandoff.audit.Life;
import org.brokerhandoff.event.CanaryOutcome;
import org.brokerhandoff.event.CellReadBack;
import org.brokerhandoff.event.CellRun;
import org.brokerhandoff.event.CustodyExamined;
import org.brokerhandoff.event.CustodyFileSystem;
import org.brokerhandoff.event.ExaminedCell;
import org.brokerhandoff.event.PurgeLevel;
import org.brokerhandoff.event.Purged;
import org.brokerhandoff.event.RandomId;
import org.brokerhandoff.event.ReadBack;
import org.brokerhandoff.event.ServiceName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Purges of keys in memory cells: claims of honest routers, and the first that would be false. */
class CellRulesTest {
    private static final RandomId ROUTER = Life.examined(RECEIVED).getInstance();

    private static CellRun run(int number) {
        byte[] bytes = new byte[20];
        Arrays.fill(bytes, (byte) number);
        return new CellRun(bytes);
    }

    /** A cell whose start has the number of the cell. */
    private static ExaminedCell examined(int cell, boolean swap) {
        return started(cell, cell, swap);
    }

    private static ExaminedCell started(int cell, int run, boolean swap) {
        return new ExaminedCell(1, cell, run(run), swap, false);
    }

    private static CellReadBack readBack(int cell, int run) {
        return new CellReadBack(1, cell, run(run));
    }

    /** Of a router that examined these. */
    private static CustodyExamined found(CustodyExamined examined, PurgeLevel highest, ExaminedCell... cells) {
        return CustodyExamined.newBuilder(examined)
                .setFileSystem(CustodyFileSystem.UNKNOWN)
                .setCanary(CanaryOutcome.NOT_DONE)
                .setDatabaseFit(true)
                .setCells(List.of(cells))
                .setHighestLevel(highest)
                .build();
    }

    private static History cells(PurgeLevel highest, ExaminedCell... cells) {
        return delivered().change(CustodyExamined.class, e -> found(e, highest, cells));
    }

    private static History purged(History history, PurgeLevel level, Consumer<Purged.Builder> change) {
        return history.change(Purged.class, e -> {
            Purged.Builder purged = Purged.newBuilder(e)
                    .setInstance(ROUTER)
                    .setReadBack(ReadBack.CELLS)
                    .setLevel(level);
            change.accept(purged);
            return purged.build();
        });
    }

    private static History purged(PurgeLevel level, CellReadBack... cells) {
        return purged(forgetting(), level, e -> e.setCells(List.of(cells)));
    }

    private static History forgetting() {
        return cells(PurgeLevel.ERASED, examined(0, false), examined(1, false), examined(2, true));
    }

    static Stream<Arguments> permitted() {
        CustodyExamined ingest = CustodyExamined.newBuilder(permitting(RECEIVED.minusSeconds(7200), PurgeLevel.ERASED))
                .setService(ServiceName.INGEST)
                .build();
        return Stream.of(
                life(
                        "two cells whose memory reaches no disk",
                        () -> purged(PurgeLevel.UNREACHABLE, readBack(0, 0), readBack(1, 1))),
                life(
                        "three, one of them on a host that swaps",
                        () -> purged(PurgeLevel.UNREACHABLE, readBack(0, 0), readBack(1, 1), readBack(2, 2))),
                life(
                        "two cells, of whose hosts nothing is known",
                        () -> purged(
                                cells(PurgeLevel.UNREADABLE, examined(0, true), examined(1, true)),
                                PurgeLevel.UNREADABLE,
                                e -> e.setCells(List.of(readBack(0, 0), readBack(1, 1))))),
                life("none named, of an earlier version", () -> purged(forgetting(), PurgeLevel.UNREADABLE, e -> {})),
                life(
                        "by an earlier start of a cell, which ingest examined",
                        () -> purged(PurgeLevel.UNREACHABLE, readBack(0, 9), readBack(1, 1))
                                .write(found(ingest, PurgeLevel.ERASED, started(0, 9, false), examined(1, false)))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("permitted")
    void what_honest_routers_say_breaks_no_rule(String name, Supplier<History> history) {
        Verdict verdict = history.get().verdict(AFTER_THE_HOLD, true);
        assertThat(verdict.holds()).as(verdict.render(Verdict.Style.PLAIN)).isTrue();
    }

    static Stream<Arguments> breaches() {
        return Stream.of(
                breach("cells-read-back", "one cell", purged(PurgeLevel.UNREADABLE, readBack(0, 0))),
                breach(
                        "cells-read-back",
                        "one cell, named twice",
                        purged(PurgeLevel.UNREADABLE, readBack(1, 1), readBack(1, 1))),
                breach("cells-read-back", "no cell", purged(PurgeLevel.UNREADABLE)),
                breach(
                        "cells-read-back",
                        "a start that was not examined",
                        purged(PurgeLevel.UNREADABLE, readBack(0, 0), readBack(1, 7))),
                breach(
                        "cells-read-back",
                        "a start of another cell",
                        purged(PurgeLevel.UNREADABLE, readBack(0, 1), readBack(1, 0))),
                breach(
                        "cells-read-back",
                        "cells of two rosters",
                        purged(
                                cells(
                                        PurgeLevel.ERASED,
                                        examined(0, false),
                                        examined(1, false),
                                        new ExaminedCell(2, 1, run(8), false, false)),
                                PurgeLevel.UNREADABLE,
                                e -> e.setCells(List.of(readBack(0, 0), new CellReadBack(2, 1, run(8)))))),
                breach(
                        "cells-read-back",
                        "a fourth cell",
                        purged(
                                cells(PurgeLevel.ERASED, examined(0, false), examined(1, false), examined(3, false)),
                                PurgeLevel.UNREADABLE,
                                e -> e.setCells(List.of(readBack(0, 0), readBack(3, 3))))),
                breach(
                        "cells-read-back",
                        "named beside another read-back",
                        purged(
                                forgetting(),
                                PurgeLevel.UNREADABLE,
                                e -> e.setReadBack(ReadBack.DIRECT).setCells(List.of(readBack(0, 0), readBack(1, 1))))),
                breach(
                        "cells-read-back",
                        "unreachable, and one of the two on a host that swaps",
                        purged(PurgeLevel.UNREACHABLE, readBack(0, 0), readBack(2, 2))),
                breach(
                        "cells-read-back",
                        "unreachable, and none named",
                        purged(forgetting(), PurgeLevel.UNREACHABLE, e -> {})),
                breach(
                        "cells-read-back",
                        "unreachable, and read back from a file that is not there",
                        purged(forgetting(), PurgeLevel.UNREACHABLE, e -> e.setReadBack(ReadBack.DIRECT))),
                breach(
                        "purge-level-permitted",
                        "more than cells of unknown hosts permit",
                        purged(
                                        cells(PurgeLevel.UNREADABLE, examined(0, true), examined(1, true)),
                                        PurgeLevel.UNREACHABLE,
                                        e -> e.setCells(List.of(readBack(0, 0), readBack(1, 1))))
                                .write(found(
                                        CustodyExamined.newBuilder(
                                                        permitting(RECEIVED.minusSeconds(7200), PurgeLevel.ERASED))
                                                .setService(ServiceName.INGEST)
                                                .build(),
                                        PurgeLevel.ERASED,
                                        examined(0, false),
                                        examined(1, false)))),
                breach(
                        "examination-permits",
                        "more than one cell of a known host permits",
                        purged(
                                cells(PurgeLevel.UNREACHABLE, examined(0, false), examined(1, true)),
                                PurgeLevel.UNREADABLE,
                                e -> e.setCells(List.of(readBack(0, 0), readBack(1, 1))))),
                breach(
                        "examination-permits",
                        "more than a database that is not fit permits",
                        purged(
                                forgetting()
                                        .change(
                                                CustodyExamined.class,
                                                e -> CustodyExamined.newBuilder(e)
                                                        .setDatabaseFit(false)
                                                        .build()),
                                PurgeLevel.UNREADABLE,
                                e -> e.setCells(List.of(readBack(0, 0), readBack(1, 1))))));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("breaches")
    void what_none_could_say_is_found_by_its_rule_and_no_other(String rule, String name, History history) {
        foundByItsRuleOnly(rule, history);
    }
}
