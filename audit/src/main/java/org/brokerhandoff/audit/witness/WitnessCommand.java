package org.brokerhandoff.audit.witness;

import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import java.util.function.Supplier;
import org.brokerhandoff.eventlog.KafkaClients;
import org.brokerhandoff.ledger.note.KeyType;
import org.brokerhandoff.ledger.note.MalformedNote;
import org.brokerhandoff.ledger.note.SigningKey;
import org.brokerhandoff.ledger.note.VerifierKey;
import org.brokerhandoff.operations.http.CannotListen;
import org.brokerhandoff.operations.lifecycle.LifeCycle;
import org.brokerhandoff.operations.secrets.SecretFile;
import org.brokerhandoff.operations.telemetry.Telemetry;
import org.brokerhandoff.schemas.EventCodec;
import picocli.CommandLine.Option;

/** {@code audit witness}: runs a witness until it is stopped. */
public final class WitnessCommand {
    /** Its options. */
    public static final class Options {
        @Option(
                names = "--dir",
                required = true,
                paramLabel = "DIR",
                description = "Folder of the state; must never be lost or restored from a backup.")
        @SuppressWarnings("NullAway.Init") // set by picocli
        private Path directory;

        @Option(names = "--name", required = true, paramLabel = "NAME", description = "Name of the witness's key.")
        @SuppressWarnings("NullAway.Init") // set by picocli
        private String name;

        @Option(names = "--key", required = true, paramLabel = "FILE", description = "Its key, made by witness-key.")
        @SuppressWarnings("NullAway.Init") // set by picocli
        private Path key;

        @Option(
                names = "--log",
                required = true,
                paramLabel = "KEY",
                description =
                        "Public key of a ledger; may be repeated, for several ledgers or while keys are replaced.")
        @SuppressWarnings("NullAway.Init") // set by picocli
        private List<String> logs;

        @Option(
                names = "--check",
                paramLabel = "none|ledger|events",
                defaultValue = "none",
                description = {
                    "What it checks before it cosigns. none: that the tree only grows, without Kafka. ledger: also that the new entries"
                            + " continue the ledger. events: also that the events yield every segment and index.",
                    "Each level needs its own name and key, since its cosignatures claim more."
                })
        @SuppressWarnings("NullAway.Init") // set by picocli
        private String check;

        @Option(names = "--init", description = "Start a new witness in an empty folder.")
        private boolean begin;

        @Option(
                names = "--host",
                paramLabel = "ADDRESS",
                defaultValue = "127.0.0.1",
                description = "Address to listen on (default: ${DEFAULT-VALUE}).")
        @SuppressWarnings("NullAway.Init") // set by picocli
        private String host;

        @Option(
                names = "--port",
                paramLabel = "PORT",
                defaultValue = "8087",
                description = "Port to listen on (default: ${DEFAULT-VALUE}); 0 for any.")
        private int port;
    }

    /** What is checked before a checkpoint is cosigned. */
    private enum Check {
        NONE,
        LEDGER,
        EVENTS
    }

    private final Options options;
    private final Supplier<KafkaClients> kafka;
    private final PrintWriter out;

    /** @param kafka called only if something is read from there */
    public WitnessCommand(Options options, Supplier<KafkaClients> kafka, PrintWriter out) {
        this.options = options;
        this.kafka = kafka;
        this.out = out;
    }

    /**
     * Generates a key readable only by the file's owner, and prints its public half.
     *
     * @throws UncheckedIOException if the file exists or cannot be written, or the name is no key name
     */
    public static void makeKey(Path file, String name, PrintWriter out) {
        try {
            String pem = SigningKey.newPem();
            VerifierKey made = SigningKey.parse(name, pem).verifierKey(KeyType.COSIGNATURE_ED25519);
            SecretFile.create(file, pem);
            out.println(made);
        } catch (MalformedNote | IllegalArgumentException e) {
            throw unusable("--name: " + e.getMessage());
        } catch (IOException e) {
            throw unusable(file + " already exists, or cannot be written: "
                    + e.getClass().getSimpleName());
        }
    }

    /**
     * Runs until the process is terminated.
     *
     * @throws UncheckedIOException if an option is unusable, or it cannot listen
     */
    public int run() throws InterruptedException {
        run(InstantSource.system(), Witness.Observer.NONE);
        return 0;
    }

    void run(InstantSource clock, Witness.Observer steps) throws InterruptedException {
        SigningKey key = SigningKeyFile.read(options.key, options.name);
        String verifierKey = key.verifierKey(KeyType.COSIGNATURE_ED25519).toString();
        List<VerifierKey> logs = logs();
        Function<String, LedgerCheck> checks = checks();
        Vertx vertx = Vertx.vertx();
        try (Telemetry telemetry = Telemetry.start("witness");
                LifeCycle running = new LifeCycle()) {
            WitnessFolder folder =
                    running.opened("folder", WitnessFolder.open(options.directory, verifierKey, options.begin));
            Function<String, LedgerCheck> kept = origin -> running.opened("check", checks.apply(origin));
            Witness witness = new Witness(logs, folder, key, kept, clock, steps);
            WitnessServer server = running.opened(
                    "http", WitnessServer.start(vertx, options.host, options.port, witness, telemetry.registry()));
            out.println("witness " + verifierKey + " listens at http://" + options.host + ":" + server.port());
            out.flush();
            running.closeWhenTold();
        } catch (CompletionException e) {
            throw unusable(CannotListen.message(e));
        } finally {
            var unused = vertx.close();
        }
    }

    private List<VerifierKey> logs() {
        List<VerifierKey> logs = new ArrayList<>();
        for (String log : options.logs) {
            try {
                VerifierKey key = VerifierKey.parse(log);
                if (key.type() != KeyType.ED25519) {
                    throw unusable("--log: a ledger signs with a key of type 01");
                }
                logs.add(key);
            } catch (MalformedNote e) {
                throw unusable("--log: " + e.getMessage());
            }
        }
        return logs;
    }

    private Function<String, LedgerCheck> checks() {
        Check check;
        try {
            check = Check.valueOf(options.check.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw unusable("--check is none, ledger or events");
        }
        if (check == Check.NONE) {
            return origin -> LedgerCheck.NONE;
        }
        KafkaClients clients = kafka.get();
        return origin -> new LedgerExamination(clients, new EventCodec(), origin, check == Check.EVENTS);
    }

    private static UncheckedIOException unusable(String why) {
        return new UncheckedIOException(why, new IOException(why));
    }
}
