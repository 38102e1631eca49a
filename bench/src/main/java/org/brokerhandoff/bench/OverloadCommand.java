package org.brokerhandoff.bench;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.brokerhandoff.bench.load.LatencyCurve;
import org.brokerhandoff.bench.load.LoadCell;
import org.brokerhandoff.bench.load.OverloadVerdict;
import org.brokerhandoff.bench.load.PhaseAnswers;
import org.brokerhandoff.bench.load.RateSchedule;
import org.brokerhandoff.bench.load.StubAddress;
import org.brokerhandoff.operations.process.ProductVersion;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code ./handoff bench overload}: behaviour at twice the sustainable load, and afterwards. */
@Command(
        name = "overload",
        mixinStandardHelpOptions = true,
        versionProvider = ProductVersion.class,
        sortOptions = false,
        description = {
            "Finds the rate that this machine sustains, then sends half, twice and half of it again, without pauses (open loop).",
            "Excess load has to be refused early, with 503 and Retry-After; accepted signups keep their latency, and are",
            "delivered and purged; afterwards everything is accepted again, by the same process."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:all checks passed", "1:not", "2:could not run"})
final class OverloadCommand implements Callable<Integer> {
    /** Factor between successive trial rates. */
    private static final double STEP = 1.4;

    private static final int FIRST_RATE = 50;
    /** An unsustainable rate is harmless here: it warms up the refusals, too. */
    private static final int WARM_UP_RATE = 300;

    private static final int HIGHEST_RATE = 20_000;
    private static final int STEP_SECONDS = 4;
    private static final int RECOVERY_SECONDS = 3;

    @Option(
            names = "--rate",
            defaultValue = "0",
            description = "signups per second that can be sustained (default: as measured)")
    private int sustainable;

    @Option(
            names = "--factor",
            defaultValue = "2",
            description = "multiple of it for the overload (default: ${DEFAULT-VALUE})")
    private double factor;

    @Option(names = "--seconds", defaultValue = "15", description = "seconds of each phase (default: ${DEFAULT-VALUE})")
    private int seconds;

    @Option(names = "--warm-up", defaultValue = "30", description = "seconds of warm-up (default: ${DEFAULT-VALUE})")
    private int warmUpSeconds;

    @Option(
            names = "--connections",
            defaultValue = "128",
            description = "connections of the website (default: ${DEFAULT-VALUE})")
    private int connections;

    @Option(
            names = "--limit-millis",
            defaultValue = "250",
            description = {
                "p99 limit for accepted signups and for refusals, unless three times the earlier p99 is",
                "larger (default: ${DEFAULT-VALUE})"
            })
    private long limitMillis;

    @Option(
            names = "--directory",
            defaultValue = "var/bench-overload",
            description = "where everything is written (default: ${DEFAULT-VALUE})")
    private Path directory = Path.of("var/bench-overload");

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        PrintWriter out = spec.commandLine().getOut();
        // Standard output is reserved for the result; logs must not go there.
        System.setOut(System.err);
        StubAddress address = new StubAddress(false, 0);
        LoadCell cell = new LoadCell(address, connections);
        try (LoadTrial trial =
                new LoadTrial(LoadSettings.of(directory, List.of(address), false, FIRST_RATE, List.of()))) {
            var unused = trial.vary(cell, rates(WARM_UP_RATE, warmUpSeconds));
            int rate = sustainable > 0 ? sustainable : sustained(trial, cell, out);
            int calm = Math.max(1, rate / 2);
            RateSchedule schedule = new RateSchedule(List.of(
                    new RateSchedule.Phase(calm, seconds),
                    new RateSchedule.Phase((int) (rate * factor), seconds),
                    new RateSchedule.Phase(calm, RECOVERY_SECONDS),
                    new RateSchedule.Phase(calm, seconds)));
            long pid = trial.ingestPid();
            LoadTrial.Varied varied = trial.vary(cell, schedule);
            List<PhaseAnswers> phases = IntStream.range(0, schedule.phases().size())
                    .mapToObj(number -> PhaseAnswers.of(schedule, number, varied.answers()))
                    .toList();
            out.printf(Locale.ROOT, "sustained: %d signups per second%n", rate);
            List<String> names = List.of("before", "overload", "recovering", "afterwards");
            for (int number = 0; number < phases.size(); number++) {
                out.printf(Locale.ROOT, "%-10s  %s%n", names.get(number), described(phases.get(number)));
            }
            List<String> broken =
                    new ArrayList<>(OverloadVerdict.broken(phases.get(0), phases.get(1), phases.get(3), limitMillis));
            if (varied.finished() < varied.accepted()) {
                broken.add(
                        varied.finished() + " of " + varied.accepted() + " accepted signups were delivered and purged");
            }
            if (trial.ingestPid() != pid) {
                broken.add("ingest is no longer the same process");
            }
            broken.forEach(what -> out.println("NOT: " + what));
            out.println(broken.isEmpty() ? "held" : "did not hold");
            return broken.isEmpty() ? 0 : 1;
        }
    }

    private static RateSchedule rates(int perSecond, int ofSeconds) {
        return new RateSchedule(List.of(new RateSchedule.Phase(perSecond, ofSeconds)));
    }

    /**
     * The highest trial rate at which everything was accepted in time, tried in ascending order. In time means within the limit, or within
     * three times the latency at the lowest rate.
     */
    private int sustained(LoadTrial trial, LoadCell cell, PrintWriter out) throws Exception {
        PhaseAnswers lowest = tried(trial, cell, FIRST_RATE, out);
        if (lowest.accepted().count() < lowest.due()) {
            throw new IllegalStateException("this machine does not sustain even " + FIRST_RATE + " signups per second");
        }
        double limit = OverloadVerdict.limit(lowest, limitMillis);
        int sustained = FIRST_RATE;
        for (int rate = next(FIRST_RATE); rate <= HIGHEST_RATE; rate = next(rate)) {
            PhaseAnswers answers = tried(trial, cell, rate, out);
            if (answers.accepted().count() < answers.due() || answers.accepted().at(99) > limit) {
                break;
            }
            sustained = rate;
        }
        return sustained;
    }

    private static int next(int rate) {
        return (int) (rate * STEP);
    }

    private static PhaseAnswers tried(LoadTrial trial, LoadCell cell, int rate, PrintWriter out) throws Exception {
        RateSchedule schedule = rates(rate, STEP_SECONDS);
        PhaseAnswers answers =
                PhaseAnswers.of(schedule, 0, trial.vary(cell, schedule).answers());
        out.printf(Locale.ROOT, "%-10s  %s%n", "trying", described(answers));
        out.flush();
        return answers;
    }

    private static String described(PhaseAnswers phase) {
        LatencyCurve accepted = phase.accepted();
        LatencyCurve refused = phase.refused();
        return String.format(
                Locale.ROOT,
                "%5d/s for %2d s: %6d accepted, p50 %4.0f ms, p99 %4.0f ms (from sending %4.0f); %6d refused with Retry-After, p50 %4.0f"
                        + " ms, p99 %4.0f ms (from sending %4.0f); others by status %s, %d without an answer",
                phase.perSecond(),
                phase.seconds(),
                accepted.count(),
                accepted.at(50),
                accepted.at(99),
                phase.acceptedFromSending().at(99),
                refused.count(),
                refused.at(50),
                refused.at(99),
                phase.refusedFromSending().at(99),
                phase.otherStatuses(),
                phase.unanswered());
    }
}
