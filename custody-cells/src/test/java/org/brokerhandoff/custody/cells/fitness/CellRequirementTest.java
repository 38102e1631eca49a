package org.brokerhandoff.custody.cells.fitness;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@code CellFitnessIT} cannot bring about with the engine at hand, and what no engine should. */
class CellRequirementTest {
    private static final Map<String, String> SETTINGS = Map.of(
            "save", "",
            "appendonly", "no",
            "maxmemory-policy", "noeviction",
            "activedefrag", "no",
            "slowlog-log-slower-than", "-1",
            "crash-log-enabled", "no",
            "crash-memcheck-enabled", "no",
            "cluster-enabled", "no",
            "enable-debug-command", "no");
    private static final Map<String, String> INFORMATION = Map.of(
            "rdb_saves", "0",
            "aof_enabled", "0",
            "role", "master",
            "connected_slaves", "0",
            "repl_backlog_active", "0",
            "sync_full", "0");

    private static List<String> wrong(Map<String, String> settings, Map<String, String> information) {
        return labels(new CellFacts(settings, information, List.of(), "free", false, List.of(), Duration.ZERO));
    }

    private static List<String> labels(CellFacts facts) {
        return CellRequirement.examine(facts).stream()
                .map(CellFinding::toString)
                .toList();
    }

    @ParameterizedTest
    @CsvSource({
        "activedefrag,yes",
        "hide-user-data-from-log,no",
        "commandlog-execution-slower-than,10000",
        "enable-debug-command,local"
    })
    void settings_that_some_engines_have_are_judged_where_they_are(String name, String value) {
        assertThat(wrong(SETTINGS, INFORMATION)).isEmpty();
        Map<String, String> settings = new HashMap<>(SETTINGS);
        settings.put(name, value);
        assertThat(wrong(settings, INFORMATION)).containsExactly(name + ": " + value);
    }

    @Test
    void what_an_engine_does_not_tell_counts_as_wrong() {
        for (String name : SETTINGS.keySet()) {
            Map<String, String> settings = new HashMap<>(SETTINGS);
            settings.remove(name);
            assertThat(wrong(settings, INFORMATION)).containsExactly(name + ": not told");
        }
        for (String name : INFORMATION.keySet()) {
            Map<String, String> information = new HashMap<>(INFORMATION);
            information.remove(name);
            assertThat(wrong(SETTINGS, information)).containsExactly(name + ": not told");
        }
        assertThat(labels(new CellFacts(SETTINGS, INFORMATION, List.of(), "", false, List.of(), Duration.ZERO)))
                .containsExactly("opt.junk: not told");
    }

    @Test
    void modules_permitted_commands_and_clocks_are_named() {
        CellFacts facts = new CellFacts(
                SETTINGS,
                INFORMATION,
                List.of("search"),
                "true",
                true,
                List.of("backup SAVE", "backup DUMP"),
                Duration.ofMillis(-1001));
        assertThat(labels(facts))
                .containsExactly(
                        "modules: search",
                        "user default: on",
                        "access list: backup SAVE, backup DUMP",
                        "clock: PT-1.001S ahead");
        assertThat(facts.runId()).isEmpty();
    }
}
