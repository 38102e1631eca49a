package org.brokerhandoff.custody.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import org.brokerhandoff.custody.cells.cell.HostAgent;
import org.brokerhandoff.custody.cells.fitness.HostReport;
import org.brokerhandoff.custody.preflight.MemoryExposure;
import org.brokerhandoff.custody.preflight.Preflight;
import org.junit.jupiter.api.Test;

/** This process in place of an engine. */
class EngineMemoryTest {
    private static final String RUN = "a".repeat(40);

    private static HostReport look(long process, Duration upFor) {
        return EngineMemory.look(new HostAgent.Engine(RUN, process, upFor));
    }

    @Test
    void a_process_that_started_when_the_engine_says_is_looked_at_and_another_one_is_not_believed() {
        assumeTrue(ProcessHandle.current().info().startInstant().isPresent(), "no start of a process is told here");
        long own = ProcessHandle.current().pid();
        Duration up = Duration.ofMillis(ManagementFactory.getRuntimeMXBean().getUptime());
        MemoryExposure found = Preflight.ofProcess(own);
        assertThat(look(own, up)).isEqualTo(new HostReport(RUN, found.swap(), found.coreDumps()));
        assertThat(look(own, up.plusMinutes(1))).isEqualTo(new HostReport(RUN, true, true));
        assertThat(look(Long.MAX_VALUE, up)).isEqualTo(new HostReport(RUN, true, true));
    }
}
