package org.brokerhandoff.custody.service;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.brokerhandoff.custody.cells.cell.HostAgent;
import org.brokerhandoff.custody.cells.fitness.HostReport;
import org.brokerhandoff.custody.preflight.MemoryExposure;
import org.brokerhandoff.custody.preflight.Preflight;
import org.brokerhandoff.custody.time.HostClock;

/** Looks at the memory of an engine on this host. */
final class EngineMemory {
    /** Engines count whole seconds, and starts are counted in ticks. */
    private static final Duration TOLERANCE = Duration.ofSeconds(3);

    private EngineMemory() {}

    /** What is found; the worst, where the process of that number is not the one that answered: it is on another host, or sees other numbers. */
    static HostReport look(HostAgent.Engine engine) {
        Optional<Instant> started = ProcessHandle.of(engine.process())
                .flatMap(process -> process.info().startInstant());
        Instant said = HostClock.wallClock().instant().minus(engine.upFor());
        boolean isIt = started.filter(at -> Duration.between(at, said).abs().compareTo(TOLERANCE) <= 0)
                .isPresent();
        MemoryExposure found = isIt ? Preflight.ofProcess(engine.process()) : new MemoryExposure(true, true);
        return new HostReport(engine.runId(), found.swap(), found.coreDumps());
    }
}
