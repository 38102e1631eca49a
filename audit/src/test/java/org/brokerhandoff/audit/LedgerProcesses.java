package org.brokerhandoff.audit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.brokerhandoff.embeddedkafka.LoopbackPorts;
import org.brokerhandoff.ledgerservice.LedgerMain;
import org.brokerhandoff.operations.configuration.Setting;
import org.brokerhandoff.operations.process.JvmOptions;

/**
 * The ledger's builders and witnesses as in production, in separate processes. The folder contains {@code log.key}, {@code witness.key} and,
 * if there are witnesses, {@code policy}.
 */
final class LedgerProcesses implements AutoCloseable {
    static final String ORIGIN = "handoff.example.org/test/ledger/1";

    private final Supplier<Path> directory;
    private final Map<String, String> kafka;
    private final List<Process> started = new ArrayList<>();
    private final int port = freePort();

    LedgerProcesses(Supplier<Path> directory, String bootstrapServers, String prefix) {
        this.directory = directory;
        this.kafka = Map.of("HANDOFF_KAFKA_BOOTSTRAP_SERVERS", bootstrapServers, "HANDOFF_TOPIC_PREFIX", prefix);
    }

    private static int freePort() {
        try {
            return LoopbackPorts.free();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The port of the builder whose folder is {@code ledger}. */
    int port() {
        return port;
    }

    /** A builder with its own folder. */
    Process ledger(String folder, String... arguments) throws IOException {
        List<String> command = command(LedgerMain.class, arguments);
        ProcessBuilder builder = clean(command);
        builder.redirectError(ProcessBuilder.Redirect.appendTo(
                directory.get().resolve(folder + "-errors.txt").toFile()));
        builder.environment()
                .putAll(Map.of(
                        "HANDOFF_LEDGER_ORIGIN",
                        ORIGIN,
                        "HANDOFF_LEDGER_KEY_FILES",
                        directory.get().resolve("log.key").toString(),
                        "HANDOFF_LEDGER_DIR",
                        directory.get().resolve(folder).toString(),
                        "HANDOFF_LEDGER_HTTP_PORT",
                        String.valueOf(folder.equals("ledger") ? port : freePort()),
                        "HANDOFF_LEDGER_INTERVAL",
                        "PT0.5S",
                        "HANDOFF_LEDGER_SETTLE",
                        "PT0S",
                        "HANDOFF_LEDGER_POLICY_FILE",
                        directory.get().resolve("policy").toString()));
        return start(builder);
    }

    /** A witness of the ledger with the key {@code log}. */
    Process witness(String name, String check, int witnessPort, String log, String... more) throws IOException {
        List<String> command = command(
                AuditMain.class,
                "witness",
                "--dir",
                directory.get().resolve("witness").toString(),
                "--name",
                name,
                "--key",
                directory.get().resolve("witness.key").toString(),
                "--log",
                log,
                "--check",
                check,
                "--port",
                String.valueOf(witnessPort));
        command.addAll(List.of(more));
        ProcessBuilder builder = clean(command);
        builder.redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        directory.get().resolve("witness.txt").toFile()));
        return start(builder);
    }

    private static List<String> command(Class<?> main, String... arguments) {
        List<String> command = JvmOptions.command(main, "-Xmx192m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");
        command.addAll(List.of(arguments));
        return command;
    }

    private ProcessBuilder clean(List<String> command) {
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().keySet().removeIf(name -> name.startsWith(Setting.PREFIX));
        builder.environment().putAll(kafka);
        return builder;
    }

    private Process start(ProcessBuilder builder) throws IOException {
        Process process = builder.start();
        started.add(process);
        return process;
    }

    @Override
    public void close() {
        started.forEach(Process::destroyForcibly);
    }
}
