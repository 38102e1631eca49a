package org.brokerhandoff.bench;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.brokerhandoff.audit.AuditMain;
import org.brokerhandoff.custody.service.CellAgentMain;
import org.brokerhandoff.custody.service.PreflightMain;
import org.brokerhandoff.doctor.DoctorMain;
import org.brokerhandoff.erasure.ErasureAgentMain;
import org.brokerhandoff.ingest.ApiKeyMain;
import org.brokerhandoff.ingest.ReceiptKeyMain;
import org.brokerhandoff.ledgerservice.LedgerMain;
import org.brokerhandoff.operations.process.ProductVersion;
import org.brokerhandoff.preflight.ClockMain;
import org.brokerhandoff.quickstart.ComposeSetupMain;
import org.brokerhandoff.quickstart.KafkaMain;
import org.brokerhandoff.quickstart.LocalSetupMain;
import org.brokerhandoff.quickstart.QuickstartMain;
import org.brokerhandoff.register.RegisterMain;
import org.brokerhandoff.registerservice.RegisterServiceMain;
import org.brokerhandoff.router.BrokerSecretMain;
import org.brokerhandoff.router.RouterMain;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ./handoff completion}: completion of commands and options in a shell. In this module because it has all commands. */
@Command(
        name = "handoff completion",
        mixinStandardHelpOptions = true,
        versionProvider = ProductVersion.class,
        description = {
            "Prints a shell completion script for the commands and options of handoff. In bash or zsh:",
            "  source <(./handoff completion bash)"
        },
        exitCodeOnExecutionException = 2,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:printed", "2:could not run"})
public final class CompletionMain implements Callable<Integer> {
    /** Shells that support the script. */
    enum Shell {
        bash,
        zsh
    }

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Parameters(paramLabel = "SHELL", description = "bash or zsh; the script detects which one reads it")
    @SuppressWarnings({"NullAway.Init", "UnusedVariable"}) // set by picocli
    private Shell shell;

    private CompletionMain() {}

    /** Runs the command. */
    public static void main(String[] arguments) {
        System.exit(new CommandLine(new CompletionMain()).execute(arguments));
    }

    @Override
    public Integer call() {
        spec.commandLine().getOut().println(AutoComplete.bash("handoff", commands()));
        return 0;
    }

    /** All arguments of {@code ./handoff}, as one command line; for the description, not to run. */
    static CommandLine commands() {
        CommandLine handoff = new CommandLine(CommandSpec.create().name("handoff"));
        all().forEach(handoff::addSubcommand);
        return handoff;
    }

    private static Map<String, Object> all() {
        Map<String, Object> commands = new LinkedHashMap<>();
        commands.put("quickstart", QuickstartMain.class);
        commands.put("ingest", org.brokerhandoff.ingest.Main.class);
        commands.put("router", RouterMain.class);
        commands.put("register-service", RegisterServiceMain.class);
        commands.put("doctor", DoctorMain.commandLine());
        commands.put("preflight", PreflightMain.commandLine());
        commands.put("cell-agent", CellAgentMain.class);
        commands.put("clock", ClockMain.commandLine());
        commands.put("erasure-agent", ErasureAgentMain.class);
        commands.put("ledger", LedgerMain.class);
        commands.put("audit", AuditMain.commandLine());
        commands.put("register", RegisterMain.commandLine());
        commands.put("api-key", ApiKeyMain.class);
        commands.put("receipt-key", ReceiptKeyMain.class);
        commands.put("broker-secret", BrokerSecretMain.class);
        commands.put("sandbox-broker", org.brokerhandoff.sandbox.Main.class);
        commands.put("kafka", KafkaMain.class);
        commands.put("local-setup", LocalSetupMain.class);
        commands.put("compose-setup", ComposeSetupMain.class);
        commands.put("bench", BenchMain.class);
        commands.put("completion", CompletionMain.class);
        return commands;
    }
}
