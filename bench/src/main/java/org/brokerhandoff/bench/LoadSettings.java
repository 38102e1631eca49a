package org.brokerhandoff.bench;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.brokerhandoff.bench.load.StubAddress;

/**
 * What a {@link LoadTrial} runs.
 *
 * @param directory emptied first
 * @param addresses the available brokers
 * @param compare whether there are references
 * @param ratePerSecond rate of a load, unless another one is named
 * @param javaOptions for ingest and router
 * @param each number of ingest services and of routers; two need cells
 * @param cells where the keys are, if not in a slot file
 */
record LoadSettings(
        Path directory,
        List<StubAddress> addresses,
        boolean compare,
        int ratePerSecond,
        List<String> javaOptions,
        int each,
        Optional<CellEngines> cells) {
    LoadSettings {
        addresses = List.copyOf(addresses);
        javaOptions = List.copyOf(javaOptions);
    }

    /** One of each service, over a slot file. */
    static LoadSettings of(
            Path directory, List<StubAddress> addresses, boolean compare, int ratePerSecond, List<String> javaOptions) {
        return new LoadSettings(directory, addresses, compare, ratePerSecond, javaOptions, 1, Optional.empty());
    }
}
