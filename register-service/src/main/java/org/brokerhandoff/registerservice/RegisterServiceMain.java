package org.brokerhandoff.registerservice;

import io.vertx.core.Vertx;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import org.apache.kafka.common.KafkaException;
import org.brokerhandoff.operations.configuration.InvalidConfiguration;
import org.brokerhandoff.operations.configuration.Service;
import org.brokerhandoff.operations.configuration.Settings;
import org.brokerhandoff.operations.configuration.SettingsReader;
import org.brokerhandoff.operations.http.CannotListen;
import org.brokerhandoff.operations.http.OperationsEndpoints;
import org.brokerhandoff.operations.http.OperationsServer;
import org.brokerhandoff.operations.lifecycle.LifeCycle;
import org.brokerhandoff.operations.process.ProductVersion;
import org.brokerhandoff.operations.process.UncaughtExceptions;
import org.brokerhandoff.operations.telemetry.Telemetry;
import org.brokerhandoff.registerservice.feed.InvalidFeeds;
import org.brokerhandoff.router.directory.InvalidDirectory;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code ./handoff register-service}: runs the register service until it is stopped. */
@Command(
        name = "handoff register-service",
        mixinStandardHelpOptions = true,
        versionProvider = ProductVersion.class,
        exitCodeOnExecutionException = 2,
        description = {
            "Projects the event log into the register, from which ingest answers where a signup stands, and tells brokers of withdrawals.",
            "Several instances share the work. \"./handoff register\" rebuilds and exports what it projects into.",
            "Configured by HANDOFF_… environment variables; docs/configuration.md lists them."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:stopped by a signal", "2:could not start"})
public final class RegisterServiceMain implements Callable<Integer> {
    private static final int COULD_NOT_RUN = 2;

    RegisterServiceMain() {}

    /** Runs the command. */
    public static void main(String[] arguments) {
        UncaughtExceptions.printWithoutMessages();
        System.exit(new CommandLine(new RegisterServiceMain()).execute(arguments));
    }

    @Override
    public Integer call() throws InterruptedException {
        try {
            run(RegisterServiceSettings.read(SettingsReader.of(System.getenv(), Service.REGISTER_SERVICE)));
            return 0;
        } catch (InvalidConfiguration | InvalidDirectory | InvalidFeeds | UncheckedIOException e) {
            System.err.println(e.getMessage());
        } catch (IllegalArgumentException | IllegalStateException | CompletionException e) {
            System.err.println("the register service could not start: " + CannotListen.message(e));
        } catch (KafkaException e) {
            // Its message may quote a client setting, possibly a password.
            System.err.println("Kafka's client refuses its settings: "
                    + (e.getCause() == null ? e : e.getCause()).getClass().getSimpleName());
        }
        return COULD_NOT_RUN;
    }

    private static void run(RegisterServiceSettings settings) throws InterruptedException {
        Vertx vertx = Vertx.vertx();
        try (Telemetry telemetry = Telemetry.start("register");
                LifeCycle running = new LifeCycle()) {
            RegisterService service =
                    running.opened("register service", RegisterService.start(settings, vertx, telemetry.registry()));
            running.opened(
                    "operations",
                    OperationsServer.start(
                                    vertx,
                                    settings.httpHost(),
                                    settings.httpPort(),
                                    Settings.REGISTER_HTTP_PORT,
                                    new OperationsEndpoints(vertx, List.of(), service.health(), telemetry.registry()))
                            .toCompletionStage()
                            .toCompletableFuture()
                            .join());
            running.closeWhenTold();
        } finally {
            var unused = vertx.close();
        }
    }
}
