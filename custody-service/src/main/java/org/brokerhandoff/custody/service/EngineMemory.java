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
    /** A container's process is there before it becomes the engine, on a busy machine some seconds. */
    private static final Duration LONGEST_START = Duration.ofSeconds(30);

    private EngineMemory() {}

    /** What is found; the worst, where the process of that number is not the one that answered: it is on another host, or sees other numbers. */
    static HostReport look(HostAgent.Engine engine) {
        Optional<Instant> started = ProcessHandle.of(engine.process())
                .flatMap(process -> process.info().startInstant());
        Instant said = HostClock.wallClock().instant().minus(engine.upFor());
        boolean isIt = engine.process() != ProcessHandle.current().pid()
                && started.filter(at -> startedAs(at, said)).isPresent();
        MemoryExposure found = isIt ? Preflight.ofProcess(engine.process()) : new MemoryExposure(true, true);
        return new HostReport(engine.runId(), found.swap(), found.coreDumps());
    }

    /**
     * Whether a process may be the engine.
     *
     * @param process when it started
     * @param engine when the engine says that it started
     */
    static boolean startedAs(Instant process, Instant engine) {
        Duration later = Duration.between(process, engine);
        return later.compareTo(TOLERANCE.negated()) >= 0 && later.compareTo(LONGEST_START) <= 0;
    }
}
