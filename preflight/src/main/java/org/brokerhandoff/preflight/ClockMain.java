package org.brokerhandoff.preflight;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.brokerhandoff.custody.time.ClockState;
import org.brokerhandoff.custody.time.HostClock;
import org.brokerhandoff.custody.time.TimeMark;
import org.brokerhandoff.custody.time.TrustedTime;
import org.brokerhandoff.operations.configuration.InvalidConfiguration;
import org.brokerhandoff.operations.configuration.KeySettings;
import org.brokerhandoff.operations.configuration.Service;
import org.brokerhandoff.operations.configuration.SettingsReader;
import org.brokerhandoff.operations.process.ProductVersion;
import org.brokerhandoff.operations.secrets.ProcessUser;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code ./handoff clock}: whether the services of this host can trust its clock, and an operator's word that they can. */
@Command(
        name = "handoff clock",
        mixinStandardHelpOptions = true,
        versionProvider = ProductVersion.class,
        exitCodeOnExecutionException = 2,
        description = {
            "Compares this host's wall clock with the time that the services trust.",
            "With --confirm, tells them that the wall clock is right now. Everything due by it is destroyed from then on,",
            "so check another clock first. The services publish who confirmed it: the user id in SUDO_UID, or that of",
            "this process. Run it as the services' user."
        },
        footer = {"", "Configured by HANDOFF_CUSTODY_FILE."},
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:the clock agrees, or was confirmed", "1:it does not agree", "2:could not run"})
public final class ClockMain implements Callable<Integer> {
    private static final int IN_DOUBT = 1;
    private static final int COULD_NOT_RUN = 2;

    private final Map<String, String> environment;
    private final HostClock clock;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Option(names = "--confirm", description = "Confirm that the wall clock is right.")
    private boolean confirm;

    private ClockMain(Map<String, String> environment, HostClock clock) {
        this.environment = environment;
        this.clock = clock;
    }

    /** Runs the command. */
    public static void main(String[] arguments) {
        if (System.getProperty("logback.configurationFile") == null) {
            System.setProperty("logback.configurationFile", "org/brokerhandoff/preflight/logback-preflight.xml");
        }
        System.exit(run(
                arguments,
                System.getenv(),
                HostClock.system(),
                new PrintWriter(System.out, true, StandardCharsets.UTF_8),
                new PrintWriter(System.err, true, StandardCharsets.UTF_8)));
    }

    /** What it takes, to describe it. */
    public static CommandLine commandLine() {
        return new CommandLine(new ClockMain(Map.of(), HostClock.system()));
    }

    static int run(
            String[] arguments, Map<String, String> environment, HostClock clock, PrintWriter out, PrintWriter err) {
        int code = new CommandLine(new ClockMain(environment, clock))
                .setOut(out)
                .setErr(err)
                .setExecutionExceptionHandler((failure, command, parsed) -> {
                    err.println("could not run: "
                            + (failure instanceof InvalidConfiguration || failure instanceof UncheckedIOException
                                    ? failure.getMessage()
                                    : failure.getClass().getName()));
                    return COULD_NOT_RUN;
                })
                .execute(arguments);
        out.flush();
        err.flush();
        return code;
    }

    @Override
    public Integer call() throws IOException {
        Path slotFile = SettingsReader.of(environment, Service.PREFLIGHT).get(KeySettings.CUSTODY_FILE);
        PrintWriter out = spec.commandLine().getOut();
        if (confirm) {
            TimeMark mark = TrustedTime.confirm(slotFile, clock, user());
            out.println("confirmed: it is " + mark.trusted() + " (by user "
                    + mark.confirmedBy().orElseThrow() + ")");
            return 0;
        }
        ClockState state = TrustedTime.look(slotFile, clock);
        out.println("wall clock    " + state.reading().wall());
        out.println("trusted time  " + state.trusted() + (state.confirmed() ? "" : " or later"));
        out.println(state.verdict().code());
        return state.agrees() ? 0 : IN_DOUBT;
    }

    private long user() throws IOException {
        Optional<Long> behindSudo = Optional.ofNullable(environment.get("SUDO_UID"))
                .filter(text -> text.matches("[0-9]{1,10}"))
                .map(Long::valueOf);
        if (behindSudo.isPresent()) {
            return behindSudo.get();
        }
        return ProcessUser.id();
    }
}
