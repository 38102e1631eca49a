package org.brokerhandoff.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.brokerhandoff.operations.process.ProductVersion;
import org.brokerhandoff.quickstart.sample.SamplePeople;
import org.brokerhandoff.sandbox.Behaviour;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ./handoff bench start}: how long ingest and router take to become ready with a long history. */
@Command(
        name = "start",
        mixinStandardHelpOptions = true,
        versionProvider = ProductVersion.class,
        sortOptions = false,
        description = {
            "Holds signups whose broker is down, and starts ingest and router: over that log, over the events of many other",
            "signups added while neither ran, and over the same log after they have run for some minutes."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:within the limit", "1:not", "2:could not run"})
final class StartCommand implements Callable<Integer> {
    private static final String AWAY = "away";
    private static final Duration START_LIMIT = Duration.ofMinutes(10);
    /** Until two marks were noted, and the history is older than the maximum clock skew. */
    private static final Duration RUNNING = Duration.ofSeconds(150);

    private static final Pattern COMPARED = Pattern.compile("compared with (\\d+) events");

    @Option(
            names = "--signups",
            defaultValue = "100000",
            description =
                    "signups of the history, with three events each: some 1.2 KB on the disk (default: ${DEFAULT-VALUE})")
    private long signups;

    @Option(
            names = "--held",
            defaultValue = "60",
            description = "signups that are held: some dozens put some in each partition (default: ${DEFAULT-VALUE})")
    private int held;

    @Option(
            names = "--partitions",
            defaultValue = "6",
            description = "partitions of each topic (default: ${DEFAULT-VALUE})")
    private int partitions;

    @Option(
            names = "--limit-seconds",
            defaultValue = "10",
            description = "longest time to readiness of any start (default: ${DEFAULT-VALUE})")
    private long limitSeconds;

    @Option(
            names = "--directory",
            defaultValue = "var/bench-start",
            description = "where everything is written; emptied first (default: ${DEFAULT-VALUE})")
    private Path directory = Path.of("var/bench-start");

    @Override
    public Integer call() throws IOException, InterruptedException {
        Map<String, String> settings =
                Map.of("HANDOFF_PARKING_INTERVAL", "PT2S", "HANDOFF_PARTITIONS", String.valueOf(partitions));
        try (Rig rig = new Rig(directory, Map.of(AWAY, Behaviour.accepting()), 1, settings)) {
            // Neither is needed for a start, and both would process the whole history during the measurement.
            rig.observer.close();
            rig.register.kill();
            rig.stopBroker(AWAY);
            hold(rig);
            killBoth(rig);
            Duration slowest = startBoth(rig, "before the history");
            killBoth(rig);
            write(rig);
            slowest = longer(slowest, startBoth(rig, "after it was added while neither ran"));
            Thread.sleep(RUNNING.toMillis());
            killBoth(rig);
            slowest = longer(slowest, startBoth(rig, "after " + RUNNING.toSeconds() + " s of running"));
            return slowest.compareTo(Duration.ofSeconds(limitSeconds)) < 0 ? 0 : 1;
        }
    }

    private void hold(Rig rig) throws IOException {
        for (int number = 0; number < held; number++) {
            byte[] request = SamplePeople.signupRequest(
                    SamplePeople.person(number), Rig.POLICY_VERSION, List.of(AWAY), Instant.now());
            int status = rig.website
                    .signup(request, "held-" + number)
                    .toCompletionStage()
                    .toCompletableFuture()
                    .join()
                    .status();
            if (status != 202) {
                throw new IOException("a signup that is to be held was answered " + status);
            }
        }
    }

    private void write(Rig rig) {
        long beganNanos = System.nanoTime();
        new SyntheticHistory(rig.clients.settings(), rig.codec, AWAY).write(signups);
        System.out.printf(
                Locale.ROOT,
                "%d events of %d signups written in %.1f s%n",
                SyntheticHistory.EVENTS * signups,
                signups,
                (System.nanoTime() - beganNanos) / 1e9);
    }

    /** {@code kill -9}. */
    private static void killBoth(Rig rig) throws InterruptedException {
        rig.ingest.kill();
        rig.router.kill();
    }

    /** Sequentially; the longer of the times to readiness. */
    private static Duration startBoth(Rig rig, String when) throws IOException, InterruptedException {
        Duration slowest = Duration.ZERO;
        for (ServiceProcess service : List.of(rig.router, rig.ingest)) {
            int before = service.output().length();
            long beganNanos = System.nanoTime();
            service.start();
            service.awaitReady(START_LIMIT);
            Duration took = Duration.ofNanos(System.nanoTime() - beganNanos);
            Matcher compared = COMPARED.matcher(service.output().substring(before));
            System.out.printf(
                    Locale.ROOT,
                    "%s, %s: ready after %.1f s and %.1f s of CPU, slots compared with %s events%n",
                    when,
                    service.name(),
                    took.toMillis() / 1000.0,
                    cpu(service).toMillis() / 1000.0,
                    compared.find() ? compared.group(1) : "no");
            slowest = longer(slowest, took);
        }
        return slowest;
    }

    /** CPU time of all its threads since its start: more meaningful than elapsed time on a busy machine. */
    private static Duration cpu(ServiceProcess service) {
        return ProcessHandle.of(service.pid())
                .flatMap(process -> process.info().totalCpuDuration())
                .orElse(Duration.ZERO);
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) > 0 ? one : other;
    }
}
