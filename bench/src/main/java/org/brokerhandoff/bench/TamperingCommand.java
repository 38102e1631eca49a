package org.brokerhandoff.bench;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.brokerhandoff.audit.AuditVerifier;
import org.brokerhandoff.audit.log.KeptLog;
import org.brokerhandoff.audit.verify.Verdict;
import org.brokerhandoff.bench.hosts.Loopback;
import org.brokerhandoff.bench.tampering.Commitments;
import org.brokerhandoff.bench.tampering.CopiedLog;
import org.brokerhandoff.bench.tampering.TamperingTrial;
import org.brokerhandoff.bench.tampering.TamperingTrial.Outcome;
import org.brokerhandoff.embeddedkafka.LoopbackPorts;
import org.brokerhandoff.eventlog.LedgerTopic;
import org.brokerhandoff.ledger.note.SigningKey;
import org.brokerhandoff.ledgerservice.LedgerMain;
import org.brokerhandoff.operations.process.ProductVersion;
import org.brokerhandoff.operations.secrets.SecretFile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ./handoff bench tampering}: every kind of tampering with the log of an installation that ran. */
@Command(
        name = "tampering",
        mixinStandardHelpOptions = true,
        versionProvider = ProductVersion.class,
        sortOptions = false,
        description = {
            "Runs Kafka and all services through every kind of event, lets the ledger commit to the log, and reads every record as",
            "audit verify does. The unchanged log has to pass. Then one fault at a time is put into a copy of the records and judged",
            "by the same rules: the rule that docs/audit-rules.md names has to find it and name the signup, and the checkpoint has to show",
            "the segment and the record. Kinds listed there as invisible to rules must not be found by any."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:all were found as documented", "1:one was not", "2:could not run"})
final class TamperingCommand implements Callable<Integer> {
    private static final String ORIGIN = "handoff.example.org/bench/ledger/1";
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Duration START_LIMIT = Duration.ofMinutes(6);
    /** Notices of two days ago must be answered, or the rules report them. */
    private static final Duration LATER = Duration.ofDays(2);
    /** This many kinds must be applicable, or the run is void. */
    private static final int FEWEST = 100;

    @Option(
            names = "--signups",
            defaultValue = "24",
            description = "signups that are simply delivered, at least 12 (default: ${DEFAULT-VALUE})")
    private int signups;

    @Option(
            names = "--directory",
            defaultValue = "var/bench-tampering",
            description = "where everything is written; emptied first (default: ${DEFAULT-VALUE})")
    private Path directory = Path.of("var/bench-tampering");

    @Option(names = "--json", description = "print the outcomes as JSON")
    private boolean json;

    @Override
    public Integer call() throws IOException, InterruptedException {
        Map<String, String> settings = Map.of(
                "HANDOFF_LOG_LEVEL", "WARN",
                "HANDOFF_PARTITIONS", "3",
                "HANDOFF_DELIVERY_ATTEMPT_TIMEOUT", "PT2S",
                "HANDOFF_PARKING_INTERVAL", "PT2S",
                "HANDOFF_NOTICE_BACKOFF_INITIAL", "PT0.2S");
        try (SmallInstallation rig = new SmallInstallation(directory, TamperingTraffic.brokers(), settings)) {
            int sent = TamperingTraffic.send(rig, Math.max(12, signups));
            if (!Rig.waitFor(() -> verified(rig, LATER).holds(), PATIENCE, "a log that holds")) {
                System.out.println(verified(rig, LATER).render(Verdict.Style.PLAIN));
                return 1;
            }
            return tamper(rig, sent);
        }
    }

    private static Verdict verified(SmallInstallation rig, Duration later) {
        return AuditVerifier.verify(rig.clients, rig.codec, Instant.now().plus(later), true);
    }

    private int tamper(SmallInstallation rig, int sent) throws IOException, InterruptedException {
        Path folder = rig.directory.resolve("ledger");
        // Later events of an agent, or a start, would be missing in the copy.
        rig.stopWriters();
        CopiedLog log = read(rig);
        startLedger(rig, folder);
        Commitments commitments = committed(rig, folder, log);
        TamperingTrial trial =
                new TamperingTrial(log, commitments, rig.codec, Instant.now().plus(LATER));
        Verdict untouched = trial.untouched();
        List<Outcome> outcomes = trial.run();
        print(sent, untouched, outcomes);
        long applied = outcomes.stream().filter(Outcome::applied).count();
        boolean all = outcomes.stream().filter(Outcome::applied).allMatch(Outcome::holds);
        return untouched.holds() && all && applied >= FEWEST ? 0 : 1;
    }

    private static CopiedLog read(SmallInstallation rig) {
        try (KeptLog kept = new KeptLog(rig.clients, rig.codec)) {
            return CopiedLog.of(kept, rig.codec);
        }
    }

    private static void startLedger(SmallInstallation rig, Path folder) throws IOException, InterruptedException {
        Path key = rig.directory.resolve("secrets").resolve("ledger.pem");
        SecretFile.create(key, SigningKey.newPem());
        int port = LoopbackPorts.free();
        ServiceProcess ledger = rig.opened(new ServiceProcess(
                "ledger",
                LedgerMain.class.getName(),
                List.of(),
                Map.of(
                        "HANDOFF_KAFKA_BOOTSTRAP_SERVERS",
                                rig.clients.settings().bootstrapServers(),
                        "HANDOFF_LEDGER_ORIGIN", ORIGIN,
                        "HANDOFF_LEDGER_KEY_FILES", key.toString(),
                        "HANDOFF_LEDGER_DIR", folder.toString(),
                        "HANDOFF_LEDGER_HTTP_PORT", String.valueOf(port),
                        "HANDOFF_LEDGER_INTERVAL", "PT0.5S",
                        "HANDOFF_LEDGER_SETTLE", "PT0S"),
                rig.directory.resolve("ledger.log"),
                new Loopback().host("ledger"),
                "http://127.0.0.1:" + port + "/health/ready"));
        ledger.bringUp(START_LIMIT);
    }

    /** Waits for a checkpoint over every record. */
    private static Commitments committed(SmallInstallation rig, Path folder, CopiedLog log)
            throws IOException, InterruptedException {
        Instant deadline = Instant.now().plus(PATIENCE);
        while (true) {
            try (LedgerTopic topic = new LedgerTopic(rig.clients, rig.codec, "handoff-bench")) {
                Optional<Commitments> read = Commitments.read(topic, folder);
                if (read.filter(commitments -> commitments.cover(log)).isPresent()) {
                    return read.get();
                }
            }
            if (Instant.now().isAfter(deadline)) {
                throw new IllegalStateException("no checkpoint covers the log");
            }
            Thread.sleep(200);
        }
    }

    private void print(int sent, Verdict untouched, List<Outcome> outcomes) {
        long applied = outcomes.stream().filter(Outcome::applied).count();
        long byRules = outcomes.stream()
                .filter(outcome -> outcome.applied()
                        && outcome.holds()
                        && outcome.kind().rule().isPresent())
                .count();
        long byCheckpoint = outcomes.stream()
                .filter(outcome -> outcome.applied() && outcome.leaves())
                .count();
        if (json) {
            JsonArray kinds = new JsonArray();
            outcomes.forEach(outcome -> kinds.add(new JsonObject()
                    .put("rule", outcome.kind().rule().orElse(null))
                    .put("done", outcome.kind().done())
                    .put("applied", outcome.applied())
                    .put("holds", outcome.applied() && outcome.holds())
                    .put("foundBy", new JsonArray(List.copyOf(outcome.rules())))
                    .put("checkpoint", new JsonArray(outcome.segments()))));
            System.out.println(new JsonObject()
                    .put("signups", sent)
                    .put("untouchedHolds", untouched.holds())
                    .put("kinds", kinds)
                    .encodePrettily());
            return;
        }
        System.out.println(untouched.render(Verdict.Style.PLAIN));
        for (Outcome outcome : outcomes) {
            System.out.println(line(outcome));
        }
        System.out.printf(
                "%n%d kinds of tampering: %d were possible in this log; rules found %d and named the signups concerned; a checkpoint showed %d,"
                        + " by segment and record%n",
                outcomes.size(), applied, byRules, byCheckpoint);
    }

    private static String line(Outcome outcome) {
        String expected = outcome.kind().rule().orElse("checkpoint alone");
        if (!outcome.applied()) {
            return "  --   " + expected + ": " + outcome.kind().done() + ": not possible in this log";
        }
        return (outcome.holds() ? "  ok   " : "  NOT  ") + expected + ": "
                + outcome.kind().done() + "\n         rules "
                + (outcome.rules().isEmpty() ? "none" : String.join(", ", outcome.rules()))
                + (outcome.kind().rule().isEmpty() || outcome.named() ? "" : " (the signup is not named)")
                + "; checkpoint "
                + (outcome.segments().isEmpty() ? "nothing" : String.join(", ", outcome.segments()))
                + (outcome.leaves() ? "" : " (not all records)");
    }
}
