package org.brokerhandoff.custody.cells;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.brokerhandoff.custody.DataKey;
import org.brokerhandoff.custody.cells.cell.Cell;
import org.brokerhandoff.custody.cells.cell.CellClient;
import org.brokerhandoff.custody.cells.cell.CellListener;
import org.brokerhandoff.custody.cells.cell.CellProcess;
import org.brokerhandoff.custody.cells.cell.CellReading;
import org.brokerhandoff.custody.cells.decisions.RepairRow;
import org.brokerhandoff.custody.cells.fitness.CellFacts;
import org.brokerhandoff.custody.cells.fitness.CellFinding;
import org.brokerhandoff.custody.cells.rules.CellContent;
import org.brokerhandoff.custody.cells.rules.CellHandle;
import org.brokerhandoff.custody.cells.rules.CellSet;
import org.brokerhandoff.custody.cells.rules.Destruction;
import org.brokerhandoff.custody.cells.rules.Repair;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three real cells. */
class CellRosterIT {
    /** As many as the design was measured with in the long form. */
    private static final int KEYS = Boolean.getBoolean("handoff.test.long") ? 20_000 : 2_000;

    /** A cell that is stopped is given up after it, and one on a busy machine is not. */
    private static final Duration LIMIT = Duration.ofSeconds(10);

    private static final SecureRandom RANDOM = new SecureRandom();

    @TempDir
    Path folder;

    private final List<CellProcess> processes = new ArrayList<>();
    private final List<Cell> cells = new ArrayList<>();
    private CellClient client;
    private CellRoster roster;

    @BeforeEach
    void open() {
        CellProcess.assumeInstalled();
        client = new CellClient(LIMIT);
        for (int i = 0; i < 3; i++) {
            processes.add(CellProcess.start(folder.resolve("cell" + i)));
            cells.add(cell(i, client));
        }
        roster = new CellRoster(cells, RANDOM);
        awaitUsable();
    }

    @AfterEach
    void close() {
        cells.forEach(Cell::close);
        if (client != null) {
            client.close();
        }
        processes.forEach(CellProcess::close);
    }

    private Cell cell(int number, CellClient by) {
        Cell cell = new Cell(number, processes.get(number).address(), by, InstantSource.system(), new CellListener() {
            @Override
            public void examined(int at, boolean startedAgain, CellFacts facts, List<CellFinding> findings) {}

            @Override
            public void lost(int at) {}
        });
        cell.start();
        return cell;
    }

    private void awaitUsable() {
        await().atMost(60, TimeUnit.SECONDS).until(() -> cells.stream().allMatch(Cell::usable));
    }

    private static <T> T now(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().get(120, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static <T> List<T> all(List<CompletionStage<T>> stages) {
        return stages.stream().map(CellRosterIT::now).toList();
    }

    private static Instant in(Duration time) {
        return InstantSource.system().instant().plus(time);
    }

    private Map<CellHandle, DataKey> held(int count, Instant expiry) {
        Map<CellHandle, DataKey> keys = new LinkedHashMap<>();
        List<CompletionStage<Boolean>> deposits = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            CellHandle handle = new CellHandle(UUID.randomUUID());
            DataKey key = DataKey.random(RANDOM);
            keys.put(handle, key);
            deposits.add(roster.deposit(handle, key, expiry));
        }
        assertThat(all(deposits)).doesNotContain(false);
        return keys;
    }

    private long right(Map<CellHandle, DataKey> keys) {
        List<CompletionStage<Boolean>> readings = new ArrayList<>();
        keys.forEach((handle, key) -> readings.add(roster.key(handle)
                .thenApply(reading -> reading instanceof KeyReading.Found found
                        && Arrays.equals(found.key().getEncoded(), key.getEncoded()))));
        return all(readings).stream().filter(right -> right).count();
    }

    private long shares(int cell, Map<CellHandle, DataKey> keys) {
        return keys.keySet().stream().map(cells.get(cell)::read).toList().stream()
                .filter(reading -> now(reading) instanceof CellReading.Share)
                .count();
    }

    private static final class LiveRow implements RepairRow {
        private boolean liveAtLock = true;
        private boolean liveAtLook = true;
        private int released;

        @Override
        public CompletionStage<Boolean> lock() {
            return CompletableFuture.completedFuture(liveAtLock);
        }

        @Override
        public CompletionStage<Boolean> look() {
            return CompletableFuture.completedFuture(liveAtLook);
        }

        @Override
        public void release() {
            released++;
        }
    }

    @Test
    void with_a_cell_killed_every_key_is_right_and_started_again_it_gets_its_shares() {
        Map<CellHandle, DataKey> keys = held(KEYS, in(Duration.ofHours(1)));
        for (int lost = 0; lost < 3; lost++) {
            processes.get(lost).close();
            assertThat(right(keys)).isEqualTo(KEYS);
            processes.get(lost).restart();
            awaitUsable();
            assertThat(shares(lost, keys)).isZero();
            assertThat(right(keys)).isEqualTo(KEYS);
            int cell = lost;
            assertThat(all(keys.keySet().stream()
                            .map(handle -> roster.repair(cell, handle, in(Duration.ofHours(1)), new LiveRow()))
                            .toList()))
                    .containsOnly(Repair.Outcome.REPAIRED);
            assertThat(shares(lost, keys)).isEqualTo(KEYS);
        }
        assertThat(right(keys)).isEqualTo(KEYS);
    }

    @Test
    void erased_while_a_cell_is_away_no_key_can_be_put_together_when_it_is_back_and_no_late_put_is_taken() {
        Map<CellHandle, DataKey> keys = held(KEYS, in(Duration.ofHours(1)));
        processes.get(2).signal("STOP");
        List<CompletionStage<CellRoster.Destroyed>> destructions =
                keys.keySet().stream().map(roster::destroy).toList();
        assertThat(all(destructions).stream()
                        .map(destroyed -> destroyed.progress().next()))
                .containsOnly(new Destruction.Step.Confirm(new CellSet(0b011)));
        processes.get(2).signal("CONT");
        awaitUsable();
        // What its host had received before it was given up it does when it goes on.
        assertThat(shares(2, keys)).as("control: it has kept its own").isGreaterThan(KEYS / 2);
        assertThat(right(keys)).isZero();
        keys.forEach((handle, key) -> assertThat(now(roster.deposit(handle, key, in(Duration.ofHours(1)))))
                .isFalse());
        assertThat(right(keys)).isZero();
        assertThat(
                        all(keys.keySet().stream()
                                        .map(handle -> roster.destroyAgain(handle, new CellSet(0b011)))
                                        .toList())
                                .stream()
                                .map(CellRoster.Destroyed::zeroed))
                .containsOnly(CellSet.ALL);
        assertThat(shares(0, keys) + shares(1, keys) + shares(2, keys)).isZero();
    }

    @Test
    void with_all_clients_gone_nothing_is_left_after_the_expiry() {
        Map<CellHandle, DataKey> keys = held(KEYS / 4, in(Duration.ofSeconds(12)));
        assertThat(right(keys)).isEqualTo(KEYS / 4);
        cells.forEach(Cell::close);
        try (CellClient later = new CellClient(LIMIT)) {
            await().atMost(60, TimeUnit.SECONDS)
                    .ignoreExceptions()
                    .until(() -> processes.stream().allMatch(process -> process.keys(later) == 0));
        }
    }

    @Test
    void a_key_whose_two_cells_have_lost_their_memory_is_lost_and_one_of_which_cells_are_away_is_not_known() {
        Map<CellHandle, DataKey> keys = held(20, in(Duration.ofHours(1)));
        CellHandle handle = keys.keySet().iterator().next();
        processes.get(0).restart();
        processes.get(1).restart();
        await().atMost(60, TimeUnit.SECONDS).until(() -> now(roster.key(handle)) instanceof KeyReading.Lost);
        awaitUsable();
        LiveRow row = new LiveRow();
        assertThat(now(roster.repair(0, handle, in(Duration.ofHours(1)), row))).isEqualTo(Repair.Outcome.LOST);
        assertThat(row.released).isEqualTo(1);
        processes.get(0).close();
        processes.get(2).close();
        await().atMost(60, TimeUnit.SECONDS).until(() -> now(roster.key(handle)) instanceof KeyReading.Unavailable);
        assertThat(now(roster.repair(1, handle, in(Duration.ofHours(1)), row))).isEqualTo(Repair.Outcome.LATER);
        DataKey key = DataKey.random(RANDOM);
        CellHandle refused = new CellHandle(UUID.randomUUID());
        assertThat(now(roster.deposit(refused, key, in(Duration.ofHours(1)))))
                .as("one cell of three")
                .isFalse();
        assertThat(now(cells.get(1).read(refused)).content()).isEqualTo(CellContent.ZEROS);
    }

    @Test
    void a_repair_of_a_key_that_is_erased_brings_nothing_and_one_that_is_overtaken_takes_its_share_back() {
        Map<CellHandle, DataKey> keys = held(2, in(Duration.ofHours(1)));
        processes.get(1).restart();
        awaitUsable();
        List<CellHandle> handles = List.copyOf(keys.keySet());
        LiveRow erased = new LiveRow();
        erased.liveAtLock = false;
        assertThat(now(roster.repair(1, handles.get(0), in(Duration.ofHours(1)), erased)))
                .isEqualTo(Repair.Outcome.NOT_LIVE);
        assertThat(now(cells.get(1).read(handles.get(0))).content()).isEqualTo(CellContent.NOTHING);
        LiveRow overtaken = new LiveRow();
        overtaken.liveAtLook = false;
        assertThat(now(roster.repair(1, handles.get(1), in(Duration.ofHours(1)), overtaken)))
                .isEqualTo(Repair.Outcome.WITHDRAWN);
        assertThat(now(cells.get(1).read(handles.get(1))).content()).isEqualTo(CellContent.ZEROS);
        assertThat(overtaken.released).isEqualTo(1);
    }
}
