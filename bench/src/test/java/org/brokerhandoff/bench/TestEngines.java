package org.brokerhandoff.bench;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import org.brokerhandoff.bench.hosts.Loopback;

/** {@link CellEngines} of a test, which is skipped where one of their programs is missing. */
final class TestEngines {
    private TestEngines() {}

    /** @param ofLast a line of the last cell's configuration, or nothing */
    static CellEngines start(Path folder, String ofLast) throws Exception {
        assumeTrue(CellEngines.missing().isEmpty(), () -> CellEngines.missing().orElse(""));
        return new CellEngines(folder, ofLast, new Loopback());
    }
}
