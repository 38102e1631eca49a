package org.brokerhandoff.custody.cells.cell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lettuce.core.api.StatefulRedisConnection;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.brokerhandoff.custody.DataKey;
import org.brokerhandoff.custody.cells.fitness.CellFacts;
import org.brokerhandoff.custody.cells.fitness.CellFinding;
import org.brokerhandoff.custody.cells.fitness.CellRequirement;
import org.brokerhandoff.custody.cells.rules.CellContent;
import org.brokerhandoff.custody.cells.rules.CellHandle;
import org.brokerhandoff.custody.cells.share.CellShare;
import org.brokerhandoff.custody.cells.share.KeyShares;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One real cell. */
class CellIT {
    private static final SecureRandom RANDOM = new SecureRandom();

    @TempDir
    Path folder;

    private static CellClient client;
    private final List<String> told = new CopyOnWriteArrayList<>();

    @BeforeAll
    static void open() {
        CellProcess.assumeInstalled();
        client = new CellClient(Duration.ofSeconds(30));
    }

    @AfterAll
    static void close() {
        if (client != null) {
            client.close();
        }
    }

    @BeforeEach
    void forget() {
        told.clear();
    }

    private Cell connected(CellProcess process) {
        return connected(process.address(), client);
    }

    private Cell connected(CellAddress address, CellClient by) {
        Cell cell = new Cell(1, address, by, InstantSource.system(), listener());
        cell.start();
        await().atMost(60, TimeUnit.SECONDS).until(() -> !told.isEmpty());
        return cell;
    }

    private CellListener listener() {
        return new CellListener() {
            @Override
            public void examined(int number, boolean startedAgain, CellFacts facts, List<CellFinding> findings) {
                told.add((startedAgain ? "started " : "same ") + findings);
            }

            @Override
            public void lost(int number) {
                told.add("lost");
            }
        };
    }

    private static CellHandle handle() {
        return new CellHandle(UUID.randomUUID());
    }

    private static CellShare share() {
        return KeyShares.split(DataKey.random(RANDOM), parts -> parts.putLong(0, RANDOM.nextLong()))
                .get(1);
    }

    private static Instant inAnHour() {
        return InstantSource.system().instant().plusSeconds(3600);
    }

    private static <T> T now(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().get(30, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static byte[] bytes(CellShare share) {
        ByteBuffer copy = ByteBuffer.allocate(CellShare.LENGTH_BYTES);
        share.copyTo(copy);
        return copy.array();
    }

    /** As the model of {@code RepairModel} has it. */
    @Test
    void a_cell_takes_what_is_not_there_overwrites_what_is_and_refuses_a_late_put() {
        try (CellProcess process = CellProcess.start(folder);
                Cell cell = connected(process)) {
            Random random = new Random(11);
            List<CellHandle> handles = new ArrayList<>();
            List<CellContent> model = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                handles.add(handle());
                model.add(CellContent.NOTHING);
            }
            for (int step = 0; step < 400; step++) {
                int at = random.nextInt(handles.size());
                CellContent before = model.get(at);
                if (random.nextInt(3) == 0) {
                    CellShare share = share();
                    assertThat(now(cell.put(handles.get(at), share, inAnHour())))
                            .isEqualTo(before == CellContent.NOTHING ? PutOutcome.TAKEN : PutOutcome.REFUSED);
                    if (before == CellContent.NOTHING) {
                        model.set(at, CellContent.SHARE);
                        CellReading.Share read = (CellReading.Share) now(cell.read(handles.get(at)));
                        assertThat(bytes(read.share())).isEqualTo(bytes(share));
                    }
                } else if (random.nextInt(3) == 0) {
                    assertThat(now(cell.destroy(handles.get(at)))).isTrue();
                    model.set(at, CellContent.ZEROS);
                } else {
                    assertThat(now(cell.read(handles.get(at))).content()).isEqualTo(before);
                }
            }
            assertThat(cell.handles())
                    .containsExactlyInAnyOrderElementsOf(handles.stream()
                            .filter(at -> model.get(handles.indexOf(at)) != CellContent.NOTHING)
                            .toList());
        }
    }

    @Test
    void a_tombstone_lasts_for_two_minutes_or_as_long_as_the_share_would_have() {
        try (CellProcess process = CellProcess.start(folder, true, "user watcher on >test ~h:* +pttl +hello");
                Cell cell = connected(process);
                StatefulRedisConnection<String, String> watcher = client.examiner(
                        new CellAddress("127.0.0.1", process.port(), "handoff", "test", "watcher", "test"))) {
            CellHandle absent = handle();
            CellHandle present = handle();
            CellHandle nearlyOver = handle();
            now(cell.put(present, share(), inAnHour()));
            now(cell.put(nearlyOver, share(), InstantSource.system().instant().plusSeconds(50)));
            for (CellHandle at : List.of(absent, present, nearlyOver)) {
                assertThat(now(cell.destroy(at))).isTrue();
            }
            assertThat(watcher.sync().pttl("h:" + absent.random())).isBetween(60_000L, 120_000L);
            assertThat(watcher.sync().pttl("h:" + present.random())).isBetween(60_000L, 120_000L);
            assertThat(watcher.sync().pttl("h:" + nearlyOver.random())).isBetween(1L, 50_000L);
        }
    }

    @Test
    void a_full_cell_refuses_a_share_and_destroys_what_it_has() {
        try (CellProcess process = CellProcess.start(folder, true, "maxmemory 8mb");
                Cell cell = connected(process)) {
            CellHandle first = handle();
            assertThat(now(cell.put(first, share(), inAnHour()))).isEqualTo(PutOutcome.TAKEN);
            PutOutcome outcome = PutOutcome.TAKEN;
            for (int i = 0; i < 100 && outcome == PutOutcome.TAKEN; i++) {
                List<CompletionStage<PutOutcome>> puts = new ArrayList<>();
                for (int j = 0; j < 1000; j++) {
                    puts.add(cell.put(handle(), share(), inAnHour()));
                }
                for (CompletionStage<PutOutcome> put : puts) {
                    outcome = now(put) == PutOutcome.TAKEN ? outcome : now(put);
                }
            }
            assertThat(outcome).isEqualTo(PutOutcome.REFUSED);
            assertThat(now(cell.destroy(first))).isTrue();
            assertThat(now(cell.read(first))).isInstanceOf(CellReading.Zeros.class);
            assertThat(now(cell.destroy(handle())))
                    .as("a tombstone where nothing was")
                    .isTrue();
        }
    }

    @Test
    void a_cell_that_is_started_again_is_examined_again_and_is_empty() {
        try (CellProcess process = CellProcess.start(folder);
                Cell cell = connected(process)) {
            assertThat(told).containsExactly("started []");
            CellHandle handle = handle();
            now(cell.put(handle, share(), inAnHour()));
            process.restart();
            await().atMost(60, TimeUnit.SECONDS).until(() -> told.size() == 3);
            assertThat(told).containsExactly("started []", "lost", "started []");
            assertThat(now(cell.read(handle))).isInstanceOf(CellReading.Nothing.class);
            assertThat(now(cell.destroy(handle))).isTrue();
        }
    }

    @Test
    void a_cell_that_is_away_at_the_start_or_refuses_the_password_is_tried_until_it_can_be_used() {
        try (CellProcess process = CellProcess.start(folder)) {
            CellAddress right = process.address();
            process.kill();
            CellAddress wrong = new CellAddress(right.host(), right.port(), "handoff", "wrong", "examiner", "test");
            try (Cell early = new Cell(1, right, client, InstantSource.system(), listener());
                    Cell stranger = new Cell(2, wrong, client, InstantSource.system(), listener())) {
                early.start();
                stranger.start();
                assertThat(now(early.read(handle()))).isInstanceOf(CellReading.Unanswered.class);
                process.restart();
                await().atMost(60, TimeUnit.SECONDS).until(() -> told.equals(List.of("started []")));
                assertThat(early.usable()).isTrue();
                assertThat(stranger.usable()).isFalse();
                assertThat(now(stranger.destroy(handle()))).isFalse();
            }
        }
    }

    @Test
    void an_unfit_cell_takes_and_gives_nothing_and_what_it_destroys_does_not_count() {
        try (CellProcess process = CellProcess.start(folder, true, "slowlog-log-slower-than 10000");
                Cell cell = connected(process)) {
            assertThat(told).containsExactly("started [" + CellRequirement.SLOWLOG.label() + ": 10000]");
            assertThat(cell.usable()).isFalse();
            CellHandle handle = handle();
            assertThat(now(cell.put(handle, share(), inAnHour()))).isEqualTo(PutOutcome.UNANSWERED);
            assertThat(now(cell.destroy(handle))).isFalse();
            assertThat(now(cell.read(handle))).isInstanceOf(CellReading.Unanswered.class);
            assertThat(cell.handles()).as("it was told to destroy all the same").containsExactly(handle);
        }
    }

    @Test
    void a_stopped_cell_is_given_up_after_the_limit_and_used_again_when_it_goes_on() {
        try (CellClient impatient = new CellClient(Duration.ofSeconds(3));
                CellProcess process = CellProcess.start(folder);
                Cell cell = connected(process.address(), impatient)) {
            CellHandle handle = handle();
            process.signal("STOP");
            CompletionStage<PutOutcome> put = cell.put(handle, share(), inAnHour());
            assertThat(now(put)).isEqualTo(PutOutcome.UNANSWERED);
            await().atMost(60, TimeUnit.SECONDS).until(() -> told.contains("lost"));
            process.signal("CONT");
            await().atMost(60, TimeUnit.SECONDS).until(() -> told.contains("same []"));
            await().atMost(60, TimeUnit.SECONDS)
                    .until(() -> now(cell.put(handle(), share(), inAnHour())) == PutOutcome.TAKEN);
        }
    }
}
