package org.brokerhandoff.register;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.brokerhandoff.eventlog.EventLogConfiguration;
import org.brokerhandoff.eventlog.KafkaClients;
import org.brokerhandoff.operations.configuration.Service;
import org.brokerhandoff.operations.configuration.SettingsReader;
import org.brokerhandoff.operations.process.ProductVersion;
import org.brokerhandoff.schemas.EventCodec;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The register's command line. */
@Command(
        name = "handoff register",
        description = "Rebuilds or prints the register, the SQL projection of the event log.",
        mixinStandardHelpOptions = true,
        versionProvider = ProductVersion.class,
        exitCodeOnExecutionException = 2,
        synopsisSubcommandLabel = "COMMAND",
        footer = {
            "",
            "Settings are the register service's HANDOFF_... environment variables; Kafka and the database are enough."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:fine", "1:done, but some events could not be read", "2:could not run"})
public final class RegisterMain {
    private static final int UNREADABLE_EVENTS = 1;
    private static final int COULD_NOT_RUN = 2;
    private static final long PROGRESS_INTERVAL_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    @Spec
    private @Nullable CommandSpec spec;

    private final Map<String, String> environment;

    RegisterMain(Map<String, String> environment) {
        this.environment = environment;
    }

    /** Runs the command that {@code arguments} name and exits with its exit code. */
    public static void main(String[] arguments) {
        System.exit(commandLine(System.getenv()).execute(arguments));
    }

    /** Its arguments, for the description. */
    public static CommandLine commandLine() {
        return commandLine(Map.of());
    }

    /** The command line, with the settings of {@code environment}. */
    static CommandLine commandLine(Map<String, String> environment) {
        RegisterMain main = new RegisterMain(environment);
        CommandLine commandLine = new CommandLine(main);
        main.spec = commandLine.getCommandSpec();
        return commandLine.setExecutionExceptionHandler((failure, command, result) -> {
            command.getErr().println("register: " + failure.getMessage());
            return COULD_NOT_RUN;
        });
    }

    @Command(
            name = "rebuild",
            description = "Projects the whole event log into new tables while the old ones serve, then swaps them.",
            mixinStandardHelpOptions = true,
            versionProvider = ProductVersion.class,
            exitCodeListHeading = "%nExit codes:%n",
            exitCodeList = {"0:rebuilt", "1:rebuilt, but some events could not be read", "2:could not run"})
    int rebuild() {
        SettingsReader settings = SettingsReader.of(environment, Service.REGISTER);
        PrintWriter err = err();
        try (Register register = Register.open(RegisterSettings.of(settings))) {
            RegisterRebuild.Result result = RegisterRebuild.run(
                    new KafkaClients(EventLogConfiguration.read(settings)),
                    new EventCodec(),
                    register,
                    CommandLine.Help.Ansi.AUTO.enabled() ? new ProgressLine(err) : (done, total) -> {});
            err.println("register: " + result.events() + " events projected"
                    + (result.unreadable() == 0 ? "" : ", " + result.unreadable() + " of them could not be read"));
            return result.unreadable() == 0 ? ExitCode.OK : UNREADABLE_EVENTS;
        }
    }

    @Command(
            name = "export",
            description = "Writes all rows as text, one per line, sorted.",
            mixinStandardHelpOptions = true,
            versionProvider = ProductVersion.class,
            exitCodeListHeading = "%nExit codes:%n",
            exitCodeList = {"0:written", "2:could not run"})
    int export(
            @Option(
                            names = {"-o", "--output"},
                            paramLabel = "FILE",
                            description = "File to write; default: standard output.")
                    @Nullable
                    Path output)
            throws IOException {
        SettingsReader settings = SettingsReader.of(environment, Service.REGISTER);
        try (Register register = Register.open(RegisterSettings.of(settings))) {
            if (output == null) {
                register.export(out());
            } else {
                try (Writer file = Files.newBufferedWriter(output, StandardCharsets.UTF_8)) {
                    register.export(file);
                }
            }
        }
        return ExitCode.OK;
    }

    private PrintWriter err() {
        return Optional.ofNullable(spec).orElseThrow().commandLine().getErr();
    }

    private PrintWriter out() {
        return Optional.ofNullable(spec).orElseThrow().commandLine().getOut();
    }

    /** A line that is overwritten. */
    private static final class ProgressLine implements RegisterRebuild.Progress {
        private final PrintWriter to;
        private long writtenNanos = System.nanoTime() - PROGRESS_INTERVAL_NANOS;

        ProgressLine(PrintWriter to) {
            this.to = to;
        }

        @Override
        public void at(long done, long total) {
            long now = System.nanoTime();
            if (done == total || now - writtenNanos >= PROGRESS_INTERVAL_NANOS) {
                writtenNanos = now;
                to.print("\r" + done + " of " + total + " events" + (done == total ? "\n" : ""));
                to.flush();
            }
        }
    }
}
