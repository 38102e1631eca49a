package org.brokerhandoff.bench;

import org.brokerhandoff.operations.process.ProductVersion;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code ./handoff bench}: the measurements, as commands. */
@Command(
        name = "handoff bench",
        mixinStandardHelpOptions = true,
        versionProvider = ProductVersion.class,
        exitCodeOnExecutionException = 2,
        description = "Measures and breaks a complete installation on this machine.",
        subcommands = {
            AuditCommand.class,
            ChaosCommand.class,
            CrashCommand.class,
            CustodyCommand.class,
            CustodyLoadCommand.class,
            LoadCommand.class,
            MemoryCommand.class,
            OutageCommand.class,
            OverloadCommand.class,
            PiecesCommand.class,
            RepliesCommand.class,
            RightsCommand.class,
            RoutingCommand.class,
            SoakCommand.class,
            StartCommand.class,
            TamperingCommand.class,
            WithdrawalsCommand.class
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:fine", "1:a check failed", "2:could not run"})
public final class BenchMain implements Runnable {
    private BenchMain() {}

    /** Runs the command. */
    public static void main(String... arguments) {
        int code = new CommandLine(new BenchMain())
                .setExecutionExceptionHandler((failure, command, parsed) -> {
                    command.getErr().println("could not run: " + failure);
                    return 2;
                })
                .execute(arguments);
        System.exit(code);
    }

    @Override
    public void run() {
        CommandLine.usage(this, System.out);
    }
}
