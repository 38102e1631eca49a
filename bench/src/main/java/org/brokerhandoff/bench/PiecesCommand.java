package org.brokerhandoff.bench;

import java.util.concurrent.Callable;
import org.brokerhandoff.operations.process.ProductVersion;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code ./handoff bench pieces}: JMH over the operations of the hot path. */
@Command(
        name = "pieces",
        mixinStandardHelpOptions = true,
        versionProvider = ProductVersion.class,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:measured", "2:could not run"},
        description = "Times the pieces of the hot path with JMH: sealing, encoding, deciding, signing.")
final class PiecesCommand implements Callable<Integer> {
    @Parameters(paramLabel = "PATTERN", arity = "0..1", defaultValue = ".*", description = "benchmarks to run")
    private String pattern = ".*";

    @Override
    public Integer call() throws RunnerException {
        new Runner(new OptionsBuilder()
                        .include(PieceBenchmarks.class.getName() + "." + pattern)
                        .build())
                .run();
        return 0;
    }
}
