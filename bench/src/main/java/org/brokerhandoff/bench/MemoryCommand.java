package org.brokerhandoff.bench;

import static org.brokerhandoff.custody.Answers.awaited;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.brokerhandoff.bench.memory.KeyForms;
import org.brokerhandoff.bench.memory.MemoryFindings;
import org.brokerhandoff.bench.memory.Patterns;
import org.brokerhandoff.bench.memory.ProcessMemory;
import org.brokerhandoff.bench.memory.RegionKind;
import org.brokerhandoff.bench.memory.Subject;
import org.brokerhandoff.bench.memory.TellingPeople;
import org.brokerhandoff.custody.CustodySettings;
import org.brokerhandoff.custody.DataKey;
import org.brokerhandoff.custody.FileKeyset;
import org.brokerhandoff.custody.SlotFile;
import org.brokerhandoff.operations.process.ProductVersion;
import org.brokerhandoff.quickstart.installation.LocalInstallation;
import org.brokerhandoff.quickstart.sample.SamplePeople;
import org.brokerhandoff.quickstart.sample.SamplePerson;
import org.brokerhandoff.sandbox.Behaviour;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ./handoff bench memory}: what is left in the memory of ingest and router after everything was purged. */
@Command(
        name = "memory",
        mixinStandardHelpOptions = true,
        versionProvider = ProductVersion.class,
        sortOptions = false,
        description = {
            "Sends signups of invented people through real processes, waits until each is purged, stops both services",
            "and searches their whole memory (/proc/PID/mem) for the people, in every usual encoding, and for their",
            "data keys. Two known controls in memory have to be found, or the search counts as blind.",
            "The services trace to HANDOFF_TRACING_ENDPOINT, if it is set."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:no person (or no more than tolerated) and no key found",
            "1:something was found",
            "2:could not run"
        })
final class MemoryCommand implements Callable<Integer> {
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final int CONNECTIONS = 32;
    private static final int SLOTS = 8192;
    private static final ObjectMapper JSON = new ObjectMapper();

    @Option(names = "--signups", defaultValue = "500", description = "people to search for (default: ${DEFAULT-VALUE})")
    private int signups;

    @Option(
            names = "--warm-up",
            defaultValue = "1000",
            description = "signups before them, not searched for (default: ${DEFAULT-VALUE})")
    private int warmUp;

    @Option(
            names = "--hold-millis",
            defaultValue = "1500",
            description =
                    "time the brokers take to answer, during which the keys are recorded (default: ${DEFAULT-VALUE})")
    private int holdMillis;

    @Option(
            names = "--wait-seconds",
            defaultValue = "0",
            description = "time from the last purge to the search (default: ${DEFAULT-VALUE})")
    private int waitSeconds;

    @Option(
            names = "--tolerated",
            defaultValue = "0",
            description = {
                "people tolerated in each process without exit code 1 (default: ${DEFAULT-VALUE}): on a busy",
                "machine a garbage collection may catch a buffer in use"
            })
    private int tolerated;

    @Option(names = "--show", defaultValue = "0", description = "findings to show with the bytes around them")
    private int show;

    @Option(
            names = "--java-option",
            description = "an additional option for both JVMs; may be repeated",
            paramLabel = "OPTION")
    private List<String> javaOptions = new ArrayList<>();

    @Option(names = "--json", description = "for machines")
    private boolean json;

    @Option(
            names = "--directory",
            defaultValue = "var/bench-memory",
            description = "where everything is written; emptied first (default: ${DEFAULT-VALUE})")
    private Path directory = Path.of("var/bench-memory");

    @Override
    public Integer call() throws IOException, InterruptedException {
        PrintStream results = System.out;
        if (json) {
            // The log writes to standard output, which is reserved for the JSON.
            System.setOut(System.err);
        }
        String control = "memory-control-" + UUID.randomUUID();
        Map<String, Behaviour> behaviours = new LinkedHashMap<>();
        IntStream.range(0, 4)
                .forEach(i -> behaviours.put("broker-" + i, Behaviour.delayed(Duration.ofMillis(holdMillis))));
        List<String> options = new ArrayList<>(List.of("-Xlog:gc+heap+coops=debug:stdout"));
        options.addAll(javaOptions);
        Map<String, String> settings = new HashMap<>(LocalInstallation.passedOn(System.getenv()));
        settings.put("BENCH_MEMORY_CONTROL", control);
        try (Rig rig = new Rig(directory, behaviours, CONNECTIONS, settings, options)) {
            for (ServiceProcess service : List.of(rig.ingest, rig.router)) {
                String obstacle = ProcessMemory.obstacle(service.pid());
                if (!obstacle.isEmpty()) {
                    System.err.println("could not run: " + obstacle);
                    return 2;
                }
            }
            say("warming up with " + warmUp + " signups");
            send(rig, SamplePeople.first(warmUp).toList(), Optional.empty());
            TellingPeople telling = new TellingPeople(new Random(new SecureRandom().nextLong()));
            List<SamplePerson> people =
                    IntStream.range(0, signups).mapToObj(i -> telling.next()).toList();
            Patterns patterns = new Patterns();
            for (int i = 0; i < people.size(); i++) {
                TellingPeople.addTo(patterns, i, people.get(i));
            }
            TellingPeople.addControl(patterns, control);
            FileKeyset keyset = FileKeyset.openOrCreate(rig.directory.resolve("custody.keyset"));
            int keys;
            try (SlotFile custody =
                    SlotFile.open(new CustodySettings(rig.directory.resolve("custody.slots"), SLOTS, SLOTS), keyset)) {
                byte[] epochKey =
                        keyset.key(keyset.currentEpoch()).orElseThrow().getEncoded();
                KeyForms.addTo(patterns, new Subject(Subject.Kind.CONTROL_KEY, 0), epochKey);
                say("sending " + signups + " signups, recording their keys while the brokers delay their answers");
                keys = send(rig, people, Optional.of(new KeyNotes(custody, patterns)));
            }
            if (keys < signups) {
                System.err.println("could not run: only " + keys + " of " + signups + " keys could be recorded");
                return 2;
            }
            Thread.sleep(TimeUnit.SECONDS.toMillis(waitSeconds));
            Map<String, MemoryFindings> findings = new LinkedHashMap<>();
            for (ServiceProcess service : List.of(rig.ingest, rig.router)) {
                findings.put(service.name(), new ProcessMemory(service.pid(), service.output()).search(patterns, show));
            }
            return report(findings, results);
        }
    }

    /** Reads each signup's key from the slot file, as the services do, while it is live. This process may know it: it is not searched. */
    private static final class KeyNotes {
        private final SlotFile custody;
        private final Patterns patterns;
        private int noted;

        KeyNotes(SlotFile custody, Patterns patterns) {
            this.custody = custody;
            this.patterns = patterns;
        }

        void note(UUID signupId) {
            Optional<DataKey> key =
                    awaited(custody.find(signupId)).flatMap(view -> awaited(custody.key(view.reference(), signupId)));
            key.ifPresent(present -> {
                KeyForms.addTo(patterns, new Subject(Subject.Kind.KEY, noted++), present.getEncoded());
                present.destroy();
            });
        }
    }

    /** Sends signups and waits until each is purged; returns the number of recorded keys. */
    private static int send(Rig rig, List<SamplePerson> people, Optional<KeyNotes> notes) throws InterruptedException {
        Set<UUID> accepted = ConcurrentHashMap.newKeySet();
        Semaphore free = new Semaphore(CONNECTIONS);
        ExecutorService noting = Executors.newSingleThreadExecutor();
        try {
            for (SamplePerson person : people) {
                free.acquire();
                byte[] request = SamplePeople.signupRequest(
                        person, Rig.POLICY_VERSION, List.copyOf(rig.brokers.keySet()), Instant.now());
                var unused = rig.website
                        .signup(request, UUID.randomUUID().toString())
                        .onComplete(reply -> {
                            if (reply.succeeded()) {
                                reply.result().signupId().ifPresent(id -> {
                                    accepted.add(id);
                                    notes.ifPresent(keys -> noting.execute(() -> keys.note(id)));
                                });
                            }
                            free.release();
                        });
            }
            free.acquire(CONNECTIONS);
        } finally {
            noting.shutdown();
        }
        boolean unused = noting.awaitTermination(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        if (accepted.size() < people.size()) {
            throw new IllegalStateException(accepted.size() + " of " + people.size() + " signups were accepted");
        }
        Instant deadline = Instant.now().plus(PATIENCE);
        while (!accepted.stream()
                .allMatch(id -> rig.observer
                        .life(id)
                        .filter(life -> life.purged().isPresent())
                        .isPresent())) {
            if (Instant.now().isAfter(deadline)) {
                throw new IllegalStateException("not everything was purged within " + PATIENCE);
            }
            Thread.sleep(50);
        }
        return notes.map(keys -> keys.noted).orElse(0);
    }

    private void say(String text) {
        if (!json) {
            System.out.println(text);
        }
    }

    private int report(Map<String, MemoryFindings> findings, PrintStream results) throws IOException {
        boolean blind = findings.values().stream()
                .anyMatch(found ->
                        found.count(Subject.Kind.CONTROL_TEXT) == 0 || found.count(Subject.Kind.CONTROL_KEY) == 0);
        boolean clean = findings.values().stream()
                .allMatch(found -> found.count(Subject.Kind.PERSON) == 0 && found.count(Subject.Kind.KEY) == 0);
        if (json) {
            results.println(JSON.writerWithDefaultPrettyPrinter().writeValueAsString(toJson(findings, blind)));
        } else {
            findings.forEach(this::print);
        }
        if (blind) {
            System.err.println("could not run: the search is blind, it did not find the controls");
            return 2;
        }
        say(clean ? "no person and no key found" : "something was found");
        boolean tolerable = findings.values().stream()
                .allMatch(found -> found.count(Subject.Kind.PERSON) <= tolerated && found.count(Subject.Kind.KEY) == 0);
        return tolerable ? 0 : 1;
    }

    private void print(String service, MemoryFindings found) {
        System.out.printf(Locale.ROOT, "%n%-18s %10s %10s %10s%n", service, "MiB", "people", "keys");
        for (RegionKind region : RegionKind.values()) {
            System.out.printf(
                    Locale.ROOT,
                    "  %-16s %10.1f %10d %10d%n",
                    region.label(),
                    found.bytes(region) / 1048576.0,
                    found.count(region, Subject.Kind.PERSON),
                    found.count(region, Subject.Kind.KEY));
        }
        System.out.printf(
                Locale.ROOT,
                "  %-16s %10s %10d %10d   of %d; controls found: text %s, key %s%n",
                "anywhere",
                "",
                found.count(Subject.Kind.PERSON),
                found.count(Subject.Kind.KEY),
                signups,
                found.count(Subject.Kind.CONTROL_TEXT) > 0 ? "yes" : "NO",
                found.count(Subject.Kind.CONTROL_KEY) > 0 ? "yes" : "NO");
        found.forms(Subject.Kind.PERSON)
                .forEach((form, count) -> System.out.printf(Locale.ROOT, "    %-28s %8d places%n", form, count));
        found.forms(Subject.Kind.KEY)
                .forEach((form, count) -> System.out.printf(Locale.ROOT, "    key as %-21s %8d places%n", form, count));
        found.descriptions().forEach(System.out::println);
    }

    private ObjectNode toJson(Map<String, MemoryFindings> findings, boolean blind) {
        ObjectNode all = JSON.createObjectNode().put("signups", signups).put("blind", blind);
        findings.forEach((service, found) -> {
            ObjectNode node = all.putObject(service)
                    .put("people", found.count(Subject.Kind.PERSON))
                    .put("keys", found.count(Subject.Kind.KEY))
                    .put("unreadableBytes", found.unreadableBytes());
            ObjectNode regions = node.putObject("regions");
            for (RegionKind region : RegionKind.values()) {
                regions.putObject(region.label())
                        .put("bytes", found.bytes(region))
                        .put("people", found.count(region, Subject.Kind.PERSON))
                        .put("keys", found.count(region, Subject.Kind.KEY));
            }
        });
        return all;
    }
}
