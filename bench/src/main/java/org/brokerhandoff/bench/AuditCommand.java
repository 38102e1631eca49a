package org.brokerhandoff.bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.brokerhandoff.bench.hosts.Loopback;
import org.brokerhandoff.bench.load.CpuTimes;
import org.brokerhandoff.embeddedkafka.EmbeddedKafkaSettings;
import org.brokerhandoff.embeddedkafka.KafkaProcess;
import org.brokerhandoff.embeddedkafka.LoopbackPorts;
import org.brokerhandoff.eventlog.EventLogSettings;
import org.brokerhandoff.eventlog.KafkaClients;
import org.brokerhandoff.eventlog.TopicProvisioner;
import org.brokerhandoff.ledger.note.SigningKey;
import org.brokerhandoff.operations.process.JvmOptions;
import org.brokerhandoff.operations.process.ProductVersion;
import org.brokerhandoff.operations.secrets.SecretFile;
import org.brokerhandoff.schemas.EventCodec;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ./handoff bench audit}: the cost of building the ledger of many signups, and of verifying their log. */
@Command(
        name = "audit",
        mixinStandardHelpOptions = true,
        versionProvider = ProductVersion.class,
        sortOptions = false,
        description = {
            "Writes the events of many signups, builds the ledger over them and verifies the log in a process with a limited",
            "heap; reports time, CPU time and memory of both."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:the verdict is passed", "1:not", "2:could not run"})
final class AuditCommand implements Callable<Integer> {
    private static final String ORIGIN = "bench.example.org/ledger/1";
    private static final Duration BUILD_LIMIT = Duration.ofHours(6);

    @Option(
            names = "--signups",
            defaultValue = "20000",
            description = "signups, each with five events: some 2 KB on the disk (default: ${DEFAULT-VALUE})")
    private long signups;

    @Option(
            names = "--partitions",
            defaultValue = "6",
            description = "partitions of each topic (default: ${DEFAULT-VALUE})")
    private int partitions;

    @Option(
            names = "--heap",
            defaultValue = "1g",
            description = "heap of the process that verifies (default: ${DEFAULT-VALUE})")
    private String heap = "1g";

    @Option(
            names = "--builder-heap",
            defaultValue = "1g",
            description =
                    "heap of the builder, which has all indexes in memory: some 300 bytes a signup (default: ${DEFAULT-VALUE})")
    private String builderHeap = "1g";

    @Option(names = "--no-ledger", description = "build no ledger, and verify the records alone")
    private boolean withoutLedger;

    @Option(
            names = "--state",
            description = "also verify with a state, then the 1 %% more signups added to it, then everything again")
    private boolean withState;

    @Option(
            names = "--again",
            description = {
                "use the log of an earlier run in the directory; its ledger",
                "is built first, or recomputed and continued"
            })
    private boolean again;

    @Option(
            names = "--directory",
            defaultValue = "var/bench-audit",
            description = "where everything is written; emptied first, unless --again (default: ${DEFAULT-VALUE})")
    private Path directory = Path.of("var/bench-audit");

    @Override
    public Integer call() throws IOException, InterruptedException {
        directory = directory.toAbsolutePath();
        if (!again) {
            empty(directory);
        }
        try (KafkaProcess kafka = KafkaProcess.start(EmbeddedKafkaSettings.in(directory.resolve("kafka")))) {
            SyntheticLives lives = lives(kafka);
            if (!again) {
                write(lives, signups);
                Files.write(
                        directory.resolve("sample"),
                        lives.sample().stream().map(UUID::toString).toList());
            }
            if (!withoutLedger) {
                build(kafka);
            }
            int code = verify(kafka, signups);
            return code == 0 && withState ? verifyFromState(kafka, lives) : code;
        }
    }

    private int verifyFromState(KafkaProcess kafka, SyntheticLives lives) throws IOException, InterruptedException {
        String[] state = {"--state", directory.resolve("state").toString()};
        int code = verify(kafka, signups, state);
        System.out.printf(Locale.ROOT, "the state has %d MB%n", Files.size(directory.resolve("state")) >> 20);
        write(lives, Math.max(1, signups / 100));
        build(kafka);
        long all = signups + Math.max(1, signups / 100);
        return Math.max(code, Math.max(verify(kafka, all, state), verify(kafka, all)));
    }

    private SyntheticLives lives(KafkaProcess kafka) {
        KafkaClients clients = new KafkaClients(
                new EventLogSettings(kafka.bootstrapServers(), Map.of(), "", partitions, 1, Duration.ofHours(24)));
        try (Admin admin = clients.admin("bench-audit")) {
            var unused = new TopicProvisioner(admin, clients.settings()).provision();
        }
        return new SyntheticLives(clients);
    }

    private static void write(SyntheticLives lives, long signups) {
        long beganNanos = System.nanoTime();
        lives.write(signups, new EventCodec());
        System.out.printf(
                Locale.ROOT,
                "%d signups, %d events and some, written in %.1f s%n",
                signups,
                SyntheticLives.EVENTS * signups,
                seconds(beganNanos));
    }

    /** Waits until a checkpoint covers what was written. */
    private void build(KafkaProcess kafka) throws IOException, InterruptedException {
        Path key = directory.resolve("ledger.key");
        if (!Files.exists(key)) {
            SecretFile.create(key, SigningKey.newPem());
        }
        int port = LoopbackPorts.free();
        try (ServiceProcess builder = new ServiceProcess(
                "ledger",
                "org.brokerhandoff.ledgerservice.LedgerMain",
                List.of("-Xmx" + builderHeap),
                environment(
                        kafka,
                        Map.of(
                                "HANDOFF_LEDGER_ORIGIN",
                                ORIGIN,
                                "HANDOFF_LEDGER_KEY_FILES",
                                key.toString(),
                                "HANDOFF_LEDGER_DIR",
                                directory.resolve("ledger").toString(),
                                "HANDOFF_LEDGER_HTTP_PORT",
                                String.valueOf(port),
                                "HANDOFF_LEDGER_INTERVAL",
                                "PT5S",
                                "HANDOFF_LEDGER_SETTLE",
                                "PT1S")),
                directory.resolve("ledger.log"),
                new Loopback().host("ledger"),
                "http://127.0.0.1:" + port + "/health/ready")) {
            builder.start();
            long beganNanos = System.nanoTime();
            // It is ready when a checkpoint covers everything present at its start.
            builder.awaitReady(BUILD_LIMIT);
            long cpuMicros = CpuTimes.of(builder.pid()).total();
            System.out.printf(
                    Locale.ROOT,
                    "ledger built in %.1f s and %.1f s of CPU, %.1f us for each event; %d MB resident at most%n",
                    seconds(beganNanos),
                    cpuMicros / 1e6,
                    (double) cpuMicros / (SyntheticLives.EVENTS * signups),
                    peakResidentKib(builder.pid()) / 1024);
            evidence(URI.create("http://127.0.0.1:" + port + "/evidence/"));
        }
    }

    /** Requests the evidence of the sample sequentially, in a separate order. */
    private void evidence(URI url) throws IOException, InterruptedException {
        List<String> sample = new ArrayList<>(Files.readAllLines(directory.resolve("sample")));
        Collections.shuffle(sample, new Random(1));
        HttpClient http = HttpClient.newHttpClient();
        List<Long> micros = new ArrayList<>();
        long bytes = 0;
        for (String id : sample) {
            long beganNanos = System.nanoTime();
            HttpResponse<byte[]> answer =
                    http.send(HttpRequest.newBuilder(url.resolve(id)).build(), HttpResponse.BodyHandlers.ofByteArray());
            micros.add((System.nanoTime() - beganNanos) / 1000);
            if (answer.statusCode() != 200) {
                throw new IllegalStateException("evidence of " + id + ": status " + answer.statusCode());
            }
            bytes += answer.body().length;
        }
        Collections.sort(micros);
        System.out.printf(
                Locale.ROOT,
                "evidence of %d signups: %.1f ms p50, %.1f ms p99, %.1f ms at most; %d bytes each%n",
                micros.size(),
                micros.get(micros.size() / 2) / 1e3,
                micros.get(micros.size() * 99 / 100) / 1e3,
                micros.get(micros.size() - 1) / 1e3,
                bytes / micros.size());
    }

    private int verify(KafkaProcess kafka, long ofSignups, String... options) throws IOException, InterruptedException {
        List<String> command =
                JvmOptions.command("org.brokerhandoff.audit.AuditMain", "-Xmx" + heap, "-XX:-ExitOnOutOfMemoryError");
        command.addAll(List.of(
                "verify",
                "--spill",
                Files.createDirectories(directory.resolve("spill")).toString()));
        command.addAll(List.of(options));
        ProcessBuilder starting = new ProcessBuilder(command).inheritIO();
        starting.environment().putAll(environment(kafka, Map.of()));
        long beganNanos = System.nanoTime();
        Process process = starting.start();
        long peakKib = 0;
        Duration cpu = Duration.ZERO;
        while (process.isAlive()) {
            peakKib = Math.max(peakKib, peakResidentKib(process.pid()));
            cpu = process.info().totalCpuDuration().orElse(cpu);
            Thread.sleep(200);
        }
        double took = seconds(beganNanos);
        System.out.printf(
                Locale.ROOT,
                "verified with a heap of %s in %.1f s and %.1f s of CPU: %.1f us for each event; %d MB resident at most%n",
                heap,
                took,
                cpu.toMillis() / 1000.0,
                cpu.toNanos() / 1000.0 / (SyntheticLives.EVENTS * ofSignups),
                peakKib / 1024);
        return process.waitFor();
    }

    private static Map<String, String> environment(KafkaProcess kafka, Map<String, String> further) {
        Map<String, String> environment = new TreeMap<>(further);
        environment.put("HANDOFF_KAFKA_BOOTSTRAP_SERVERS", kafka.bootstrapServers());
        return environment;
    }

    private static double seconds(long sinceNanos) {
        return (System.nanoTime() - sinceNanos) / 1e9;
    }

    /** {@code VmHWM} of proc(5); 0 for a process that has ended. */
    private static long peakResidentKib(long pid) {
        try (Stream<String> lines = Files.lines(Path.of("/proc", String.valueOf(pid), "status"))) {
            return lines.filter(line -> line.startsWith("VmHWM:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
                    .findFirst()
                    .orElse(0);
        } catch (IOException endedMeanwhile) {
            return 0;
        }
    }

    private static void empty(Path directory) throws IOException {
        Files.createDirectories(directory);
        List<Path> below = new ArrayList<>();
        try (Stream<Path> paths = Files.walk(directory)) {
            paths.sorted(Comparator.reverseOrder())
                    .filter(path -> !path.equals(directory))
                    .forEach(below::add);
        }
        for (Path path : below) {
            Files.deleteIfExists(path);
        }
    }
}
