package org.brokerhandoff.erasure;

import java.io.UncheckedIOException;
import java.util.concurrent.Callable;
import org.apache.kafka.common.KafkaException;
import org.brokerhandoff.erasure.files.LogDirectoriesUnusable;
import org.brokerhandoff.operations.configuration.InvalidConfiguration;
import org.brokerhandoff.operations.configuration.Service;
import org.brokerhandoff.operations.configuration.SettingsReader;
import org.brokerhandoff.operations.lifecycle.LifeCycle;
import org.brokerhandoff.operations.process.ProductVersion;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code ./handoff erasure-agent}: runs the agent until it is told to stop. */
@Command(
        name = "handoff erasure-agent",
        mixinStandardHelpOptions = true,
        versionProvider = ProductVersion.class,
        exitCodeOnExecutionException = 2,
        description = {
            "Runs beside one Kafka broker. Reads the names and sizes of its files, never their content, and publishes",
            "what they may still hold, so that the router can claim that a record is erased.",
            "Configured by HANDOFF_… environment variables; docs/configuration.md lists them."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:stopped by a signal", "2:could not start"})
public final class ErasureAgentMain implements Callable<Integer> {
    /** Runs the command. */
    public static void main(String[] arguments) {
        System.exit(new CommandLine(new ErasureAgentMain()).execute(arguments));
    }

    @Override
    public Integer call() throws InterruptedException {
        try (LifeCycle running = new LifeCycle()) {
            running.opened(
                    "agent",
                    ErasureAgent.start(
                            ErasureAgentSettings.read(SettingsReader.of(System.getenv(), Service.ERASURE_AGENT))));
            running.closeWhenTold();
            return 0;
        } catch (InvalidConfiguration | LogDirectoriesUnusable | UncheckedIOException e) {
            System.err.println(e.getMessage());
            return 2;
        } catch (KafkaException e) {
            // Its message may quote a client setting, and that may be a password.
            System.err.println("Kafka's client refuses its settings: "
                    + (e.getCause() == null ? e : e.getCause()).getClass().getSimpleName());
            return 2;
        }
    }
}
