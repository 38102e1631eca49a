package org.brokerhandoff.custody.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.brokerhandoff.custody.cells.cell.HostAgent;
import org.brokerhandoff.custody.cells.fitness.HostReport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EngineMemoryTest {
    private static final Instant STARTED = Instant.parse("2026-11-30T12:00:00Z");

    @ParameterizedTest
    @CsvSource({"PT0S, true", "PT-3S, true", "PT4S, true", "PT30S, true", "PT-4S, false", "PT31S, false"})
    void an_engine_starts_with_its_process_or_some_seconds_later_where_a_container_is_prepared_first(
            Duration later, boolean same) {
        assertThat(EngineMemory.startedAs(STARTED, STARTED.plus(later))).isEqualTo(same);
    }

    @Test
    void the_agent_does_not_take_itself_for_the_engine() {
        ProcessHandle self = ProcessHandle.current();
        Duration up = self.info()
                .startInstant()
                .map(started -> Duration.between(started, Instant.now()))
                .orElseThrow();

        HostReport report = EngineMemory.look(new HostAgent.Engine("run", self.pid(), up));

        assertThat(report.swap()).isTrue();
        assertThat(report.coreDumps()).isTrue();
    }
}
