package org.brokerhandoff.bench;

import java.nio.file.Path;
import java.util.Collection;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.brokerhandoff.operations.process.ProductVersion;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ./handoff bench custody}: JMH over the slot file, with the disk's own rate in the same run. */
@Command(
        name = "custody",
        mixinStandardHelpOptions = true,
        versionProvider = ProductVersion.class,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:measured", "2:could not run"},
        description = "Times hold, offer and destroy in the slot file with JMH, beside the disk's bare fdatasync.")
final class CustodyCommand implements Callable<Integer> {
    @Option(
            names = "--directory",
            defaultValue = "var/bench",
            description = "where to put the slot file: the disk to measure (${DEFAULT-VALUE})")
    private Path directory = Path.of("var/bench");

    @Override
    public Integer call() throws RunnerException {
        Collection<RunResult> results = new Runner(new OptionsBuilder()
                        .include(CustodyBenchmarks.class.getName() + ".*")
                        .jvmArgsAppend("-D" + CustodyBenchmarks.DIRECTORY + "=" + directory.toAbsolutePath())
                        .build())
                .run();
        System.out.printf(Locale.ROOT, "%n%-16s %10s %14s%n", "", "per second", "CPU each");
        for (RunResult result : results) {
            String group = result.getParams().getParam("group");
            System.out.printf(
                    Locale.ROOT,
                    "%-16s %10.0f %11.1f us%n",
                    group == null ? "fdatasync" : "pairs, " + group + " at once",
                    total(result, "pairs") / total(result, "elapsedNanos") * 1e9,
                    total(result, "cpuNanos") / total(result, "pairs") / 1e3);
        }
        return 0;
    }

    private static double total(RunResult result, String counter) {
        Result<?> total = result.getSecondaryResults().get(counter);
        return Objects.requireNonNull(total, counter).getScore();
    }
}
