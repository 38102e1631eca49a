package org.brokerhandoff.custody.cells;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.brokerhandoff.custody.Answers.awaited;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.brokerhandoff.custody.DataKey;
import org.brokerhandoff.custody.cells.cell.Cell;
import org.brokerhandoff.custody.cells.cell.CellClient;
import org.brokerhandoff.custody.cells.cell.CellProcess;
import org.brokerhandoff.custody.cells.cell.CellReading;
import org.brokerhandoff.custody.cells.rules.CellHandle;
import org.brokerhandoff.custody.cells.share.CellShare;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The memory of real cells, searched for the shares that they had. */
class CellMemoryIT {
    private static final int KEYS = Boolean.getBoolean("handoff.test.long") ? 20_000 : 1_000;
    private static final int CELL = 1;

    @TempDir
    Path folder;

    private final List<CellProcess> processes = new ArrayList<>();
    private final ProcessMemory search = new ProcessMemory();
    private CellClient client;
    private CellRoster roster;
    private Cell cell;

    @BeforeEach
    void open() {
        CellProcess.assumeInstalled();
        client = new CellClient(Duration.ofSeconds(10));
        List<Cell> cells = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            processes.add(CellProcess.start(folder.resolve("cell" + i)));
            cells.add(new Cell(i, processes.get(i).address(), client, InstantSource.system(), new CellWatch()));
            cells.get(i).start();
        }
        ProcessMemory.assumeReadable(processes.get(CELL).pid());
        roster = new CellRoster(cells, new SecureRandom());
        cell = cells.get(CELL);
        await().atMost(60, TimeUnit.SECONDS).until(() -> cells.stream().allMatch(Cell::usable));
    }

    @AfterEach
    void close() {
        if (roster != null) {
            roster.close();
        }
        if (client != null) {
            client.close();
        }
        processes.forEach(CellProcess::close);
    }

    private List<CellHandle> held(Duration time) {
        List<CellHandle> handles = new ArrayList<>();
        List<CompletionStage<Boolean>> deposits = new ArrayList<>();
        for (int i = 0; i < KEYS; i++) {
            CellHandle handle = new CellHandle(UUID.randomUUID());
            DataKey key = DataKey.random(new SecureRandom());
            handles.add(handle);
            deposits.add(
                    roster.deposit(handle, key, InstantSource.system().instant().plus(time)));
            key.destroy();
        }
        deposits.forEach(deposit -> assertThat(awaited(deposit)).isTrue());
        for (int i = 0; i < KEYS; i++) {
            ByteBuffer bytes = ByteBuffer.allocate(CellShare.LENGTH_BYTES);
            CellShare share = ((CellReading.Share) awaited(cell.read(handles.get(i)))).share();
            share.copyTo(bytes);
            share.destroy();
            search.lookFor(i, bytes);
        }
        return handles;
    }

    private Set<Integer> found() throws Exception {
        return search.found(processes.get(CELL).pid());
    }

    @Test
    void of_destroyed_shares_nothing_is_in_a_cells_memory_once_its_connections_were_rinsed() throws Exception {
        List<CellHandle> handles = held(Duration.ofHours(1));
        assertThat(found()).as("control: the search finds what is there").hasSize(KEYS);
        List<CellHandle> destroyed = handles.subList(1, KEYS);
        destroyed.stream()
                .map(roster::destroy)
                .toList()
                .forEach(destruction ->
                        assertThat(awaited(destruction).zeroed().has(CELL)).isTrue());
        await().atMost(30, TimeUnit.SECONDS)
                .untilAsserted(() ->
                        assertThat(found()).as("the one that lives is found").containsExactly(0));
    }

    @Test
    void of_shares_that_have_expired_with_all_clients_gone_nothing_is_in_a_cells_memory() throws Exception {
        List<CellHandle> handles = held(Duration.ofSeconds(20));
        assertThat(handles).hasSize(KEYS);
        assertThat(found()).as("control: the search finds what is there").hasSize(KEYS);
        roster.close();
        await().atMost(90, TimeUnit.SECONDS)
                .pollInterval(1, TimeUnit.SECONDS)
                .untilAsserted(() -> assertThat(found()).isEmpty());
    }
}
