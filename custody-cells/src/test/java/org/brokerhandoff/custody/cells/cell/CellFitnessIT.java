package org.brokerhandoff.custody.cells.cell;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.api.StatefulRedisConnection;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.awaitility.Awaitility;
import org.brokerhandoff.custody.cells.fitness.CellFacts;
import org.brokerhandoff.custody.cells.fitness.CellFinding;
import org.brokerhandoff.custody.cells.fitness.CellRequirement;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each thing that makes a cell unfit, tried with a real engine. */
class CellFitnessIT {
    private static final String ADMINISTRATOR = "user administrator on >test allcommands allkeys";

    @TempDir
    Path folder;

    private static CellClient client;

    @BeforeAll
    static void open() {
        CellProcess.assumeInstalled();
        client = new CellClient(Duration.ofSeconds(10));
    }

    @AfterAll
    static void close() {
        if (client != null) {
            client.close();
        }
    }

    private static CellFacts facts(CellProcess cell, InstantSource clock) {
        try (StatefulRedisConnection<String, String> connection = client.examiner(cell.address())) {
            return new CellExaminer(clock).examine(connection);
        }
    }

    private static List<CellRequirement> wrong(CellProcess cell) {
        return wrong(cell, InstantSource.system());
    }

    private static List<CellRequirement> wrong(CellProcess cell, InstantSource clock) {
        return CellRequirement.examine(facts(cell, clock)).stream()
                .map(CellFinding::requirement)
                .toList();
    }

    @Test
    void a_cell_as_the_page_describes_it_is_fit_and_a_clock_that_is_two_seconds_away_is_not() {
        try (CellProcess cell = CellProcess.start(folder)) {
            CellFacts facts = facts(cell, InstantSource.system());
            assertThat(CellRequirement.examine(facts)).isEmpty();
            assertThat(facts.runId()).hasSize(40);
            assertThat(wrong(cell, InstantSource.offset(InstantSource.system(), Duration.ofSeconds(2))))
                    .containsExactly(CellRequirement.CLOCK);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "save 3600 1 | SAVE",
                "maxmemory-policy allkeys-lru | MAXMEMORY_POLICY",
                "slowlog-log-slower-than 10000 | SLOWLOG",
                "crash-log-enabled yes | CRASH_LOG",
                "crash-memcheck-enabled yes | CRASH_MEMCHECK",
                "cluster-enabled yes | CLUSTER",
                "enable-debug-command local | DEBUG_COMMAND",
                "user default on nopass | DEFAULT_USER",
                "user backup on >x +save | ACCESS_LIST"
            })
    void a_setting_that_is_not_as_it_has_to_be_is_named(String setting, CellRequirement requirement) {
        try (CellProcess cell = CellProcess.start(folder, true, setting)) {
            assertThat(wrong(cell)).containsExactly(requirement);
        }
    }

    @Test
    void an_append_only_file_is_found_in_the_setting_and_in_what_runs() {
        try (CellProcess cell = CellProcess.start(folder, true, "appendonly yes")) {
            assertThat(wrong(cell)).containsExactly(CellRequirement.APPENDONLY, CellRequirement.AOF_ENABLED);
        }
    }

    @Test
    void memory_that_is_not_overwritten_when_it_is_freed_is_found() {
        try (CellProcess cell = CellProcess.start(folder, false)) {
            assertThat(CellRequirement.examine(facts(cell, InstantSource.system())))
                    .containsExactly(new CellFinding(CellRequirement.JUNK_ON_FREE, "false"));
        }
    }

    @Test
    void a_copy_that_was_saved_and_a_replica_are_found_after_they_have_gone() {
        try (CellProcess cell = CellProcess.start(folder.resolve("cell"), true, ADMINISTRATOR)) {
            CellAddress administrator =
                    new CellAddress("127.0.0.1", cell.port(), "handoff", "test", "administrator", "test");
            assertThat(wrong(cell)).containsExactly(CellRequirement.ACCESS_LIST);
            try (StatefulRedisConnection<String, String> connection = client.examiner(administrator)) {
                connection.sync().save();
            }
            assertThat(wrong(cell)).containsExactly(CellRequirement.RDB_SAVES, CellRequirement.ACCESS_LIST);
            cell.restart();
            try (CellProcess replica = CellProcess.start(
                    folder.resolve("replica"),
                    true,
                    "replicaof 127.0.0.1 " + cell.port(),
                    "masteruser administrator",
                    "masterauth test")) {
                Awaitility.await()
                        .atMost(Duration.ofSeconds(30))
                        .until(() -> wrong(cell).contains(CellRequirement.CONNECTED_REPLICAS));
                assertThat(wrong(replica)).contains(CellRequirement.ROLE);
            }
            Awaitility.await()
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> !wrong(cell).contains(CellRequirement.CONNECTED_REPLICAS));
            assertThat(wrong(cell)).contains(CellRequirement.REPLICATION_BACKLOG, CellRequirement.FULL_SYNCS);
        }
    }
}
