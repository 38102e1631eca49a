package org.brokerhandoff.quickstart;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.brokerhandoff.eventlog.KafkaClients;
import org.brokerhandoff.ledger.note.KeyType;
import org.brokerhandoff.ledger.note.MalformedNote;
import org.brokerhandoff.ledger.note.Policy;
import org.brokerhandoff.ledger.note.SigningKey;
import org.brokerhandoff.ledgerservice.LedgerMain;
import org.brokerhandoff.operations.secrets.SecretFile;

/** A ledger's builder as a separate process, which commits to each record within a second or two. */
final class LedgerProcess implements AutoCloseable {
    static final String ORIGIN = "handoff.example.org/test/ledger/1";

    private final Process process;
    private final Path folder;
    private final Policy trust;

    private LedgerProcess(Process process, Path folder, Policy trust) {
        this.process = process;
        this.folder = folder;
        this.trust = trust;
    }

    /** Begins a ledger over the log that {@code clients} reach; its files and its output are in {@code directory}. */
    static LedgerProcess start(KafkaClients clients, Path directory) throws IOException {
        Path folder = directory.resolve("ledger");
        Path keyFile = directory.resolve("ledger.pem");
        SecretFile.create(keyFile, SigningKey.newPem());
        ProcessBuilder command = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-Xmx256m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        LedgerMain.class.getName())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("ledger.out").toFile());
        command.environment()
                .putAll(Map.of(
                        "HANDOFF_KAFKA_BOOTSTRAP_SERVERS",
                        clients.settings().bootstrapServers(),
                        "HANDOFF_LEDGER_ORIGIN",
                        ORIGIN,
                        "HANDOFF_LEDGER_KEY_FILES",
                        keyFile.toString(),
                        "HANDOFF_LEDGER_DIR",
                        folder.toString(),
                        "HANDOFF_LEDGER_HTTP_PORT",
                        "0",
                        "HANDOFF_LEDGER_INTERVAL",
                        "PT1S",
                        "HANDOFF_LEDGER_SETTLE",
                        "PT0S"));
        try {
            Policy trust = Policy.ofLogs(
                    List.of(SigningKey.parse(ORIGIN, SecretFile.read(keyFile)).verifierKey(KeyType.ED25519)));
            return new LedgerProcess(command.start(), folder, trust);
        } catch (MalformedNote e) {
            throw new IllegalStateException("what was just made is a key", e);
        }
    }

    /** Whom to trust: this ledger's key, without witnesses. */
    Policy trust() {
        return trust;
    }

    /** The newest checkpoint, once there is one. */
    Path checkpoint() {
        return folder.resolve("checkpoint");
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
