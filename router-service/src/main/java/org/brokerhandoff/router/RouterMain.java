package org.brokerhandoff.router;

import io.vertx.core.Vertx;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import org.brokerhandoff.custody.CustodyException;
import org.brokerhandoff.custody.PersonalData;
import org.brokerhandoff.custody.preflight.OverwritingFails;
import org.brokerhandoff.custody.service.InvalidCells;
import org.brokerhandoff.custody.time.HostClock;
import org.brokerhandoff.eventlog.EventLogUnavailable;
import org.brokerhandoff.operations.configuration.InvalidConfiguration;
import org.brokerhandoff.operations.configuration.Service;
import org.brokerhandoff.operations.configuration.SettingsReader;
import org.brokerhandoff.operations.http.CannotListen;
import org.brokerhandoff.operations.http.OperationsEndpoints;
import org.brokerhandoff.operations.http.OperationsServer;
import org.brokerhandoff.operations.lifecycle.LifeCycle;
import org.brokerhandoff.operations.memory.HeapRinse;
import org.brokerhandoff.operations.memory.WipingTransport;
import org.brokerhandoff.operations.process.ProductVersion;
import org.brokerhandoff.operations.process.UncaughtExceptions;
import org.brokerhandoff.operations.telemetry.Telemetry;
import org.brokerhandoff.router.directory.DirectorySchema;
import org.brokerhandoff.router.directory.InvalidDirectory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code ./handoff router}: runs the router until it is stopped. */
@Command(
        name = "handoff router",
        mixinStandardHelpOptions = true,
        versionProvider = ProductVersion.class,
        exitCodeOnExecutionException = 2,
        description = {
            "Consumes sealed signups, hands each to one broker, destroys its key and verifies the purge.",
            "Configured by HANDOFF_… environment variables; docs/configuration.md lists them."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:stopped by a signal; or explained",
            "1:nothing to explain: no such broker, a directory with problems, or a sample that is not a signup",
            "2:could not start, or could not read"
        })
public final class RouterMain implements Callable<Integer> {
    private static final Duration RINSE_PERIOD = Duration.ofSeconds(1);

    @Option(names = "--directory-schema", description = "Print the JSON Schema of the broker directory, and exit.")
    private boolean directorySchema;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Option(
            names = "--explain",
            arity = "2",
            paramLabel = "BROKER SAMPLE",
            hideParamSyntax = true,
            description = {
                "print the signed request that BROKER would get for the made-up signup in the file SAMPLE (the body of POST"
                        + " /v1/signups, or only a person), and where each field comes from; needs HANDOFF_BROKERS_FILE only."
            })
    private List<String> explain = List.of();

    RouterMain() {}

    /** Runs the command. */
    public static void main(String[] arguments) {
        UncaughtExceptions.printWithoutMessages();
        System.exit(new CommandLine(new RouterMain()).execute(arguments));
    }

    @Override
    public Integer call() throws InterruptedException {
        if (directorySchema) {
            spec.commandLine().getOut().print(DirectorySchema.text());
            spec.commandLine().getOut().flush();
            return 0;
        }
        return explain.isEmpty() ? run() : explain();
    }

    private int explain() {
        return new ExplainCommand(
                        System.getenv(),
                        spec.commandLine().getOut(),
                        spec.commandLine().getErr())
                .explain(explain.get(0), explain.get(1), HostClock.wallClock().instant());
    }

    private int run() throws InterruptedException {
        Vertx vertx = WipingTransport.vertx();
        try (Telemetry telemetry = Telemetry.start("router");
                LifeCycle running = new LifeCycle()) {
            RouterSettings settings = RouterSettings.read(SettingsReader.of(System.getenv(), Service.ROUTER));
            HeapRinse.start(RINSE_PERIOD, PersonalData::wipes).ifPresent(rinse -> running.opened("heap rinse", rinse));
            RouterService service =
                    running.opened("router", RouterService.start(settings, vertx, telemetry.registry()));
            running.opened(
                    "operations",
                    OperationsServer.start(
                                    vertx,
                                    settings.httpHost(),
                                    settings.httpPort(),
                                    new OperationsEndpoints(
                                            vertx,
                                            List.of(),
                                            List.of(service.readiness(), service.clock(), service.preflight()),
                                            telemetry.registry()))
                            .toCompletionStage()
                            .toCompletableFuture()
                            .join());
            running.closeWhenTold();
            return 0;
        } catch (InvalidConfiguration | InvalidCells | InvalidDirectory | EventLogUnavailable e) {
            System.err.println(e.getMessage());
            return 2;
        } catch (CustodyException
                | OverwritingFails
                | UncheckedIOException
                | IllegalStateException
                | CompletionException e) {
            System.err.println("the router could not start: " + CannotListen.message(e));
            return 2;
        }
    }
}
