package org.brokerhandoff.custody.service;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.brokerhandoff.custody.cells.cell.CellClient;
import org.brokerhandoff.custody.cells.cell.HostAgent;
import org.brokerhandoff.custody.cells.fitness.HostReport;
import org.brokerhandoff.operations.process.ProductVersion;
import org.brokerhandoff.operations.secrets.SecretFile;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code ./handoff cell-agent}: runs beside a memory cell, and leaves in it what it finds of its memory. */
@Command(
        name = "handoff cell-agent",
        mixinStandardHelpOptions = true,
        versionProvider = ProductVersion.class,
        exitCodeOnInvalidInput = 2,
        exitCodeOnExecutionException = 2,
        description = {
            "Runs on the host of a memory cell (docs/several-hosts.md). Checks whether the memory of the cell's engine may reach a",
            "disk, by swap, hibernation or core dumps, and stores the result in the cell, where the services read it."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:stopped by a signal; with --once: its memory reaches no disk",
            "1:with --once: it may",
            "2:could not run"
        })
public final class CellAgentMain implements Callable<Integer> {
    private static final Duration PERIOD = Duration.ofSeconds(10);
    /** A report outlives some failures to renew it, and not the agent by long. */
    private static final Duration REPORT_TIME = Duration.ofMinutes(1);

    private static final Duration LIMIT = Duration.ofSeconds(5);

    private final CountDownLatch stopped = new CountDownLatch(1);

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Option(names = "--host", paramLabel = "ADDRESS", description = "where the cell listens; 127.0.0.1 without it")
    private String host = "127.0.0.1";

    @Option(names = "--port", paramLabel = "PORT", description = "and its port; 6379 without it")
    private int port = 6379;

    @Option(names = "--user", paramLabel = "NAME", description = "the agent's user in the cell; agent without it")
    private String user = "agent";

    @Option(
            names = "--password-file",
            paramLabel = "FILE",
            required = true,
            description = "that user's password in its first line; for its owner alone")
    @SuppressWarnings("NullAway.Init") // required
    private Path passwordFile;

    @Option(
            names = "--ca-file",
            paramLabel = "FILE",
            description = "PEM file of the authorities that the cell's certificate must chain to; no TLS without it")
    private @Nullable Path certificates;

    @Option(names = "--once", description = "look once, say what was found, and end")
    private boolean once;

    private String said = "";

    /** Runs the command. */
    public static void main(String[] arguments) {
        if (System.getProperty("logback.configurationFile") == null) {
            System.setProperty("logback.configurationFile", "org/brokerhandoff/preflight/logback-preflight.xml");
        }
        CellAgentMain agent = new CellAgentMain();
        Runtime.getRuntime().addShutdownHook(new Thread(agent.stopped::countDown));
        System.exit(run(
                agent,
                arguments,
                new PrintWriter(System.out, true, StandardCharsets.UTF_8),
                new PrintWriter(System.err, true, StandardCharsets.UTF_8)));
    }

    /** Runs the command; its exit code. */
    public static int run(String[] arguments, PrintWriter out, PrintWriter err) {
        return run(new CellAgentMain(), arguments, out, err);
    }

    private static int run(CellAgentMain agent, String[] arguments, PrintWriter out, PrintWriter err) {
        int code = new CommandLine(agent)
                .setOut(out)
                .setErr(err)
                .setExecutionExceptionHandler((failure, command, parsed) -> {
                    err.println("could not run: "
                            + (failure instanceof IOException
                                    ? failure.getMessage()
                                    : failure.getClass().getName()));
                    return 2;
                })
                .execute(arguments);
        out.flush();
        err.flush();
        return code;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        String password = SecretFile.readFirstLine(passwordFile);
        try (CellClient client = new CellClient(LIMIT, Optional.ofNullable(certificates))) {
            if (once) {
                HostReport report = look(client, password);
                return report.swap() || report.coreDumps() ? 1 : 0;
            }
            do {
                try {
                    var unused = look(client, password);
                } catch (RuntimeException e) {
                    say("the cell at " + host + ":" + port + " cannot be asked: "
                            + e.getClass().getSimpleName());
                }
            } while (!stopped.await(PERIOD.toMillis(), TimeUnit.MILLISECONDS));
            return 0;
        }
    }

    private HostReport look(CellClient client, String password) {
        try (HostAgent agent = client.agent(host, port, user, password)) {
            HostAgent.Engine engine = agent.engine();
            HostReport report = EngineMemory.look(engine);
            agent.report(report, REPORT_TIME);
            say("process " + engine.process() + ": " + report.text());
            return report;
        }
    }

    /** Prints a line when it differs from the one before. */
    private void say(String line) {
        if (!line.equals(said)) {
            said = line;
            spec.commandLine().getOut().println(line);
        }
    }
}
