package org.brokerhandoff.ledgerservice;

import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import org.apache.kafka.common.KafkaException;
import org.brokerhandoff.eventlog.KafkaClients;
import org.brokerhandoff.ledger.note.MalformedNote;
import org.brokerhandoff.ledger.note.Policy;
import org.brokerhandoff.ledgerservice.BuilderSettings.Start;
import org.brokerhandoff.ledgerservice.evidence.EvidenceService;
import org.brokerhandoff.ledgerservice.http.LedgerHttp;
import org.brokerhandoff.ledgerservice.outside.CheckpointCopies;
import org.brokerhandoff.ledgerservice.witness.Witnesses;
import org.brokerhandoff.operations.configuration.InvalidConfiguration;
import org.brokerhandoff.operations.configuration.LedgerSettings;
import org.brokerhandoff.operations.configuration.Service;
import org.brokerhandoff.operations.configuration.Settings;
import org.brokerhandoff.operations.configuration.SettingsReader;
import org.brokerhandoff.operations.http.CannotListen;
import org.brokerhandoff.operations.http.OperationsEndpoints;
import org.brokerhandoff.operations.lifecycle.LifeCycle;
import org.brokerhandoff.operations.process.ProductVersion;
import org.brokerhandoff.operations.process.UncaughtExceptions;
import org.brokerhandoff.operations.telemetry.Telemetry;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ./handoff ledger}: runs the builder until it is stopped. */
@Command(
        name = "handoff ledger",
        mixinStandardHelpOptions = true,
        versionProvider = ProductVersion.class,
        exitCodeOnExecutionException = 2,
        description = {
            "Builds the ledger over the kept topics: commits to every record, signs and publishes checkpoints, so that auditors need not",
            "trust its operator. Signups do not wait for it. docs/transparency.md says what it shows.",
            "Configured by HANDOFF_… environment variables; docs/configuration.md lists them."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:stopped by a signal; or a key was made", "2:could not start"})
public final class LedgerMain implements Callable<Integer> {
    @ArgGroup
    private @Nullable Begin begin;

    @Option(
            names = "--make-key",
            paramLabel = "FILE",
            description = "Make a key for HANDOFF_LEDGER_KEY_FILES, print its public half, and exit; needs --origin.")
    private @Nullable Path makeKey;

    @Option(names = "--origin", paramLabel = "ORIGIN", description = "Name of the ledger that the key is for.")
    private @Nullable String origin;

    /** One of the two at most. */
    static final class Begin {
        @Option(
                names = "--adopt",
                description = "The ledger's folder is lost: recompute everything from the topics, and compare.")
        boolean adopt;

        @Option(
                names = "--succeed",
                description = {
                    "Begin a new generation over the present content of the topics, after the last one could not be continued;",
                    "HANDOFF_LEDGER_ORIGIN must then have the next number, and HANDOFF_LEDGER_DIR must be a new folder."
                })
        boolean succeed;

        Start start() {
            return adopt ? Start.ADOPT : succeed ? Start.SUCCEED : Start.CONTINUE;
        }
    }

    LedgerMain() {}

    /** Runs the command. */
    public static void main(String[] arguments) {
        UncaughtExceptions.printWithoutMessages();
        System.exit(new CommandLine(new LedgerMain()).execute(arguments));
    }

    @Override
    public Integer call() throws InterruptedException {
        try {
            return makeKey == null ? run() : makeKey(makeKey);
        } catch (InvalidConfiguration | UncheckedIOException e) {
            System.err.println(e.getMessage());
            return 2;
        } catch (CompletionException e) {
            System.err.println("the ledger could not start: " + CannotListen.message(e));
            return 2;
        } catch (KafkaException e) {
            // Its message may quote a client setting, possibly a password.
            System.err.println("Kafka's client refuses its settings: "
                    + (e.getCause() == null ? e : e.getCause()).getClass().getSimpleName());
            return 2;
        }
    }

    private int makeKey(Path file) {
        if (origin == null
                || LedgerSettings.ORIGIN.kind().parser().apply(origin).isEmpty()) {
            System.err.println(
                    "--origin must be " + LedgerSettings.ORIGIN.kind().rule());
            return 2;
        }
        System.out.println(KeyFiles.make(origin, file));
        return 0;
    }

    private int run() throws InterruptedException {
        SettingsReader reader = SettingsReader.of(System.getenv(), Service.LEDGER);
        BuilderSettings settings = BuilderSettings.read(reader, begin == null ? Start.CONTINUE : begin.start());
        Vertx vertx = Vertx.vertx();
        try (Telemetry telemetry = Telemetry.start("ledger");
                LifeCycle running = new LifeCycle()) {
            Outside outside = running.opened("outside", outside(reader, telemetry.registry()));
            LedgerService service = running.opened(
                    "ledger", LedgerService.start(settings, outside, telemetry.registry(), Step.Observer.NONE));
            EvidenceService evidence = running.opened(
                    "evidence",
                    new EvidenceService(
                            service::standing, new KafkaClients(settings.eventLog()), settings.directory()));
            running.opened("http", serve(reader, vertx, settings, service, evidence, telemetry));
            running.closeWhenTold();
            return 0;
        } finally {
            var unused = vertx.close();
        }
    }

    /** @throws UncheckedIOException if the file of witnesses is invalid */
    static Outside outside(SettingsReader reader, MeterRegistry meters) {
        return new Outside(
                witnesses(reader.find(LedgerSettings.POLICY_FILE), meters),
                new CheckpointCopies(reader.find(LedgerSettings.COPIES).orElse(List.of()), meters));
    }

    /** @throws UncheckedIOException if the file cannot be read, is not a policy, or names a witness with an unusable URL */
    private static Witnesses witnesses(Optional<Path> policyFile, MeterRegistry meters) {
        if (policyFile.isEmpty()) {
            return new Witnesses(Policy.ofLogs(List.of()), meters);
        }
        Path file = policyFile.get();
        try {
            return new Witnesses(Policy.parse(Files.readString(file)), meters);
        } catch (MalformedNote | IllegalArgumentException e) {
            throw new UncheckedIOException(
                    LedgerSettings.POLICY_FILE + ": " + file + ": " + e.getMessage(),
                    new IOException(e.getClass().getSimpleName()));
        } catch (IOException e) {
            throw new UncheckedIOException(
                    LedgerSettings.POLICY_FILE + ": " + file + " cannot be read: "
                            + e.getClass().getSimpleName(),
                    e);
        }
    }

    private static LedgerHttp serve(
            SettingsReader reader,
            Vertx vertx,
            BuilderSettings settings,
            LedgerService service,
            EvidenceService evidence,
            Telemetry telemetry) {
        return LedgerHttp.start(
                        vertx,
                        reader.get(Settings.OPERATIONS_HOST),
                        reader.get(LedgerSettings.HTTP_PORT),
                        new LedgerHttp.Ledger(settings.directory(), service::checkpointNow, evidence::evidence),
                        new OperationsEndpoints(vertx, List.of(), List.of(service.readiness()), telemetry.registry()),
                        telemetry.registry())
                .toCompletionStage()
                .toCompletableFuture()
                .join();
    }
}
