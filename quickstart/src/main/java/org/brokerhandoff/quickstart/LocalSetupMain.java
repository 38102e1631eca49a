package org.brokerhandoff.quickstart;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.brokerhandoff.embeddedkafka.EmbeddedKafka;
import org.brokerhandoff.ledger.note.KeyType;
import org.brokerhandoff.ledger.note.MalformedNote;
import org.brokerhandoff.ledger.note.SigningKey;
import org.brokerhandoff.operations.process.ProductVersion;
import org.brokerhandoff.operations.secrets.SecretFile;
import org.brokerhandoff.quickstart.installation.LocalInstallation;
import org.brokerhandoff.quickstart.installation.ReceivingBroker;
import org.brokerhandoff.quickstart.installation.SampleBrokers;
import org.brokerhandoff.sandbox.WebhookSecret;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ./handoff local-setup}: what the services need to run on this machine one by one. */
@Command(
        name = "handoff local-setup",
        mixinStandardHelpOptions = true,
        versionProvider = ProductVersion.class,
        exitCodeOnExecutionException = 2,
        sortOptions = false,
        description = {
            "Writes fresh API keys, signing secrets, a directory with a broker and a canary broker on this machine, and a file with the",
            "services' environment, for trying them one by one: docs/one-by-one.md."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:written", "2:could not be written, or already exists"})
public final class LocalSetupMain implements Callable<Integer> {
    private static final String BROKER = "fjord-markets";
    private static final String LEDGER = "handoff.example.org/local/ledger/1";

    @Option(
            names = "--directory",
            paramLabel = "DIR",
            description = "where to write (default: ${DEFAULT-VALUE})",
            defaultValue = "var/local")
    private Path directory = Path.of("var/local");

    @Option(
            names = "--kafka",
            paramLabel = "HOST:PORT",
            description = "where Kafka will be (default: ${DEFAULT-VALUE})",
            defaultValue = "127.0.0.1:9092")
    private String kafka = "127.0.0.1:9092";

    @Option(
            names = "--kafka-data",
            paramLabel = "DIR",
            description = "where ./handoff kafka keeps its data (default: ${DEFAULT-VALUE})",
            defaultValue = "var/kafka")
    private Path kafkaData = Path.of("var/kafka");

    @Option(
            names = "--broker-port",
            paramLabel = "PORT",
            description = "port of the sandbox broker (default: ${DEFAULT-VALUE}); the next one is the canary broker's",
            defaultValue = "8090")
    private int brokerPort;

    private LocalSetupMain() {}

    /** Runs the command. */
    public static void main(String... arguments) {
        int code = new CommandLine(new LocalSetupMain())
                .setExecutionExceptionHandler((failure, command, parsed) -> {
                    command.getErr().println("could not be written: " + failure);
                    return 2;
                })
                .execute(arguments);
        System.exit(code);
    }

    @Override
    public Integer call() throws IOException, MalformedNote {
        if (Files.exists(directory)) {
            System.err.println(directory + " already exists; remove it to get fresh keys");
            return 2;
        }
        Files.createDirectories(
                directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        LocalInstallation installation = LocalInstallation.create(
                directory.toAbsolutePath().normalize(),
                kafka,
                List.of(
                        new ReceivingBroker(
                                BROKER,
                                "Fjord Markets AS",
                                List.of("NO", "SE", "DK"),
                                URI.create("http://127.0.0.1:" + brokerPort + "/handoffs"),
                                WebhookSecret.random().text(),
                                1,
                                1),
                        new ReceivingBroker(
                                SampleBrokers.UNDER_TEST,
                                "Fjord Markets test",
                                List.of("NO"),
                                URI.create("http://127.0.0.1:" + (brokerPort + 1) + "/handoffs"),
                                WebhookSecret.random().text(),
                                1,
                                1,
                                List.of("status: test"))),
                Duration.ofHours(24),
                Map.of());
        Map<String, String> environment = new TreeMap<>(installation.environment());
        environment.put(
                "HANDOFF_KAFKA_LOG_DIRS", EmbeddedKafka.logDirectory(kafkaData).toString());
        environment.putAll(ledger(installation.directory()));
        // One installation, whose services have their usual ports: Prometheus is told of those.
        environment.remove("HANDOFF_OPERATIONS_PORT");
        Files.writeString(directory.resolve("environment"), shell(environment));
        for (Map.Entry<String, String> key : Map.of(
                        "website.key", installation.websiteKey(), "admin.key", installation.adminKey())
                .entrySet()) {
            Path file = Files.createFile(
                    directory.resolve(key.getKey()),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(file, key.getValue());
        }
        System.out.println("written to " + directory + "; next: . "
                + quoted(directory.resolve("environment").toString()));
        return 0;
    }

    /** A key for the ledger, its public half in a file for auditors, and what the builder and ingest need to know of it. */
    private static Map<String, String> ledger(Path directory) throws IOException, MalformedNote {
        Path key = directory.resolve("secrets").resolve("ledger.pem");
        String pem = SigningKey.newPem();
        SecretFile.create(key, pem);
        Files.writeString(
                directory.resolve("ledger.pub"), SigningKey.parse(LEDGER, pem).verifierKey(KeyType.ED25519) + "\n");
        return Map.of(
                "HANDOFF_LEDGER_ORIGIN",
                LEDGER,
                "HANDOFF_LEDGER_KEY_FILES",
                key.toString(),
                "HANDOFF_LEDGER_DIR",
                directory.resolve("ledger").toString(),
                "HANDOFF_LEDGER_URL",
                "http://127.0.0.1:8083",
                // Who tries it does not want to wait a minute; a development machine's power cut may lose what is
                // younger.
                "HANDOFF_LEDGER_INTERVAL",
                "PT2S",
                "HANDOFF_LEDGER_SETTLE",
                "PT2S");
    }

    /** The environment as a file for a POSIX shell's {@code .}. */
    static String shell(Map<String, String> environment) {
        return environment.entrySet().stream()
                .map(variable -> "export " + variable.getKey() + "=" + quoted(variable.getValue()) + "\n")
                .collect(Collectors.joining());
    }

    private static String quoted(String value) {
        return value.matches("[A-Za-z0-9_./:,=-]+") ? value : "'" + value.replace("'", "'\\''") + "'";
    }
}
