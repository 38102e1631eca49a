package org.brokerhandoff.quickstart;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.brokerhandoff.operations.http.CannotListen;
import org.brokerhandoff.operations.process.ProductVersion;
import org.brokerhandoff.operations.process.UncaughtExceptions;
import org.brokerhandoff.quickstart.installation.LocalInstallation;
import org.brokerhandoff.quickstart.report.Summary;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ./handoff quickstart}: the main job, end to end, on this machine. */
@Command(
        name = "handoff quickstart",
        mixinStandardHelpOptions = true,
        versionProvider = ProductVersion.class,
        exitCodeOnExecutionException = 2,
        sortOptions = false,
        description = {
            "Starts a real Kafka broker, ingest, router and three sandbox brokers on this machine, sends sample",
            "signups through them, waits for every purge, searches all files for the sample people and has the",
            "event log audited. Then stays up, with a sample website for the browser and an API for curl."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:every signup was purged, no person was found, the audit passed",
            "1:one of these failed",
            "2:could not run"
        })
public final class QuickstartMain implements Callable<Integer> {
    @Option(
            names = "--signups",
            paramLabel = "N",
            description = "sample signups to send (default: ${DEFAULT-VALUE})",
            defaultValue = "200")
    private int signups;

    @Option(names = "--exit", description = "exit after the summary")
    private boolean exit;

    @Option(names = "--json", description = "print the summary as JSON")
    private boolean json;

    @Option(
            names = "--port",
            paramLabel = "PORT",
            description = "port of ingest, 0 for any free one (default: ${DEFAULT-VALUE})",
            defaultValue = "8080")
    private int port;

    @Option(
            names = "--directory",
            paramLabel = "DIR",
            description =
                    "where everything is written; the files of an earlier run are removed first (default: ${DEFAULT-VALUE})",
            defaultValue = "var/quickstart")
    private Path directory = Path.of("var/quickstart");

    private QuickstartMain() {}

    /** Runs the command. */
    public static void main(String... arguments) {
        UncaughtExceptions.printWithoutMessages();
        int code = new CommandLine(new QuickstartMain())
                .setExecutionExceptionHandler((failure, command, parsed) -> {
                    command.getErr().println("could not run: " + CannotListen.message(failure));
                    return 2;
                })
                .execute(arguments);
        System.exit(code);
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (signups < 1 || signups > 100_000) {
            System.err.println("--signups must be from 1 to 100000, found " + signups);
            return 2;
        }
        // With --json, only the JSON goes to standard output.
        PrintStream people = json ? System.err : System.out;
        boolean terminal = CommandLine.Help.Ansi.AUTO.enabled();
        try (Quickstart quickstart = Quickstart.start(
                directory, port, new ProgressLine(people, terminal), LocalInstallation.passedOn(System.getenv()))) {
            Summary summary = quickstart.run(signups);
            if (json) {
                System.out.println(new ObjectMapper()
                        .enable(SerializationFeature.INDENT_OUTPUT)
                        .writeValueAsString(summary.members()));
            } else {
                people.println();
                people.print(summary.text(terminal));
            }
            if (!exit) {
                people.println();
                people.print(quickstart.invitation());
                stayUp();
            }
            return summary.kept() ? 0 : 1;
        }
    }

    private static void stayUp() throws InterruptedException {
        CountDownLatch interrupted = new CountDownLatch(1);
        Thread waiting = Thread.currentThread();
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            interrupted.countDown();
                            try {
                                waiting.join(20_000);
                            } catch (InterruptedException e) {
                                Thread.currentThread().interrupt();
                            }
                        },
                        "stop"));
        interrupted.await();
    }
}
