package org.brokerhandoff.quickstart;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.brokerhandoff.embeddedkafka.EmbeddedKafka;
import org.brokerhandoff.embeddedkafka.EmbeddedKafkaSettings;
import org.brokerhandoff.embeddedkafka.LoopbackPorts;
import org.brokerhandoff.operations.http.CannotListen;
import org.brokerhandoff.operations.process.ProductVersion;
import org.brokerhandoff.operations.process.UncaughtExceptions;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ./handoff kafka}: a Kafka broker on this machine, to try the services one by one. */
@Command(
        name = "handoff kafka",
        mixinStandardHelpOptions = true,
        versionProvider = ProductVersion.class,
        exitCodeOnExecutionException = 2,
        sortOptions = false,
        description = {
            "Runs a real Kafka broker on this machine, for development only: it listens on 127.0.0.1 without TLS and",
            "without passwords, and keeps one copy of everything. Its data survives a restart."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:stopped by a signal", "2:could not run"})
public final class KafkaMain implements Callable<Integer> {
    private static final int HIGHEST_PORT = 65_535;

    @Option(
            names = "--port",
            paramLabel = "PORT",
            description = "port for clients, 0 for any free one (default: ${DEFAULT-VALUE})",
            defaultValue = "9092")
    private int port;

    @Option(
            names = "--directory",
            paramLabel = "DIR",
            description = "where its data is kept (default: ${DEFAULT-VALUE})",
            defaultValue = "var/kafka")
    private Path directory = Path.of("var/kafka");

    private KafkaMain() {}

    /** Runs the command. */
    public static void main(String... arguments) {
        UncaughtExceptions.printWithoutMessages();
        int code = new CommandLine(new KafkaMain())
                .setExecutionExceptionHandler((failure, command, parsed) -> {
                    command.getErr().println("could not run: " + failure.getMessage());
                    return 2;
                })
                .execute(arguments);
        System.exit(code);
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (port < 0 || port > HIGHEST_PORT) {
            System.err.println("--port must be from 0 to " + HIGHEST_PORT + ", found " + port);
            return 2;
        }
        if (port != 0 && !LoopbackPorts.isFree(port)) {
            throw CannotListen.portTaken("127.0.0.1", port);
        }
        Path folder = FolderLock.folder(directory);
        FolderLock lock = FolderLock.take(folder, "Kafka", folder.resolve("kafka.lock"));
        // Before the first logger is made: until then the folder, and so its log, may be another's.
        if (System.getProperty("handoff.quickstart.log") == null) {
            System.setProperty(
                    "handoff.quickstart.log",
                    directory
                            .toAbsolutePath()
                            .resolve("log")
                            .resolve("kafka.log")
                            .toString());
        }
        EmbeddedKafka kafka =
                EmbeddedKafka.start(EmbeddedKafkaSettings.in(folder).withPort(port));
        System.out.println("Kafka at " + kafka.bootstrapServers() + ", data in " + kafka.logDirectory());
        System.out.println("For development only. Ctrl-C ends it.");
        CountDownLatch stopped = new CountDownLatch(1);
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            kafka.close();
                            release(lock);
                            stopped.countDown();
                        },
                        "stop"));
        stopped.await();
        return 0;
    }

    private static void release(FolderLock lock) {
        try {
            lock.close();
        } catch (IOException ending) {
            // The lock ends with the process, which is ending.
        }
    }
}
