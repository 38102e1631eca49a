package org.brokerhandoff.ingest;

import io.vertx.core.Vertx;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.brokerhandoff.country.file.InvalidCountryRules;
import org.brokerhandoff.custody.PersonalData;
import org.brokerhandoff.ingest.authentication.InvalidApiKeys;
import org.brokerhandoff.ingest.operator.InvalidOperator;
import org.brokerhandoff.ingest.receipt.InvalidReceiptKeys;
import org.brokerhandoff.operations.configuration.InvalidConfiguration;
import org.brokerhandoff.operations.configuration.Service;
import org.brokerhandoff.operations.configuration.SettingsReader;
import org.brokerhandoff.operations.http.CannotListen;
import org.brokerhandoff.operations.lifecycle.LifeCycle;
import org.brokerhandoff.operations.memory.HeapRinse;
import org.brokerhandoff.operations.memory.WipingTransport;
import org.brokerhandoff.operations.process.ProductVersion;
import org.brokerhandoff.operations.process.UncaughtExceptions;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Runs the ingest service until the process is terminated. Exit code 0: terminated as requested; 2: could not run. */
@Command(
        name = "handoff ingest",
        mixinStandardHelpOptions = true,
        versionProvider = ProductVersion.class,
        exitCodeOnExecutionException = 2,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:stopped by a signal", "2:could not run"},
        description = "Takes signups over HTTP and publishes them, sealed, to Kafka.",
        footer = {
            "",
            "Configuration comes from environment variables HANDOFF_…; docs/configuration.md lists them.",
            "All problems are reported together."
        })
public final class Main implements Callable<Integer> {
    private static final int COULD_NOT_RUN = 2;
    private static final Duration RINSE_PERIOD = Duration.ofSeconds(1);

    private Main() {}

    /** Entry point. */
    public static void main(String... arguments) {
        UncaughtExceptions.printWithoutMessages();
        System.exit(new CommandLine(new Main()).execute(arguments));
    }

    @Override
    public Integer call() throws InterruptedException {
        IngestSettings settings;
        try {
            settings = IngestSettings.from(SettingsReader.of(System.getenv(), Service.INGEST));
        } catch (InvalidConfiguration | IllegalArgumentException | UncheckedIOException e) {
            return failed(String.valueOf(e.getMessage()));
        }
        try (LifeCycle running = new LifeCycle()) {
            Vertx vertx = WipingTransport.vertx();
            running.atEnd("event loops", vertx::close);
            HeapRinse.start(RINSE_PERIOD, PersonalData::wipes).ifPresent(rinse -> running.opened("heap rinse", rinse));
            running.opened("ingest", IngestService.start(settings, vertx));
            running.closeWhenTold();
            return 0;
        } catch (InvalidApiKeys | InvalidOperator | InvalidReceiptKeys | InvalidCountryRules e) {
            return failed(String.valueOf(e.getMessage()));
        } catch (RuntimeException e) {
            return failed("the ingest service could not start: " + CannotListen.message(e));
        }
    }

    private static int failed(String message) {
        System.err.println(message);
        return COULD_NOT_RUN;
    }
}
