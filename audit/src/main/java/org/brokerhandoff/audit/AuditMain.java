package org.brokerhandoff.audit;

import java.io.PrintWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.brokerhandoff.audit.replay.ReplayReport;
import org.brokerhandoff.audit.verify.AuditListener;
import org.brokerhandoff.audit.verify.Verdict;
import org.brokerhandoff.audit.witness.WitnessCommand;
import org.brokerhandoff.eventlog.EventLogConfiguration;
import org.brokerhandoff.eventlog.KafkaClients;
import org.brokerhandoff.operations.configuration.Service;
import org.brokerhandoff.operations.configuration.SettingsReader;
import org.brokerhandoff.operations.process.ProductVersion;
import org.brokerhandoff.schemas.EventCodec;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ./handoff audit}: the auditor's commands. Exit codes: 0 success, 1 a check failed, 2 could not run. */
@Command(
        name = "handoff audit",
        versionProvider = ProductVersion.class,
        description = "Checks the event log. Reads only Kafka's kept topics, unless a command says otherwise.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {TraceCommand.class, ReportCommand.class, ServeCommand.class, CanaryCommand.class},
        footer = {
            "",
            "Configured by HANDOFF_KAFKA_BOOTSTRAP_SERVERS, HANDOFF_KAFKA_CONFIG_FILE, HANDOFF_TOPIC_PREFIX",
            "and HANDOFF_INSTALLATION."
        })
public final class AuditMain {
    static final int FAILED = 1;
    static final int COULD_NOT_RUN = 2;
    private static final Map<String, String> EXIT_CODES = new TreeMap<>(Map.of(
            "0", "fine",
            "1", "the check failed",
            "2", "could not run"));
    private static final Duration BETWEEN_READINGS = Duration.ofSeconds(1);

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            scope = CommandLine.ScopeType.INHERIT,
            description = "Show this help.")
    boolean help;

    @Option(
            names = {"-V", "--version"},
            versionHelp = true,
            description = "Print version information and exit.")
    boolean version;

    private final Map<String, String> environment;
    private final PrintWriter out;
    private final PrintWriter err;
    private final boolean terminal;
    private final InstantSource clock;

    AuditMain(
            Map<String, String> environment, PrintWriter out, PrintWriter err, boolean terminal, InstantSource clock) {
        this.environment = environment;
        this.out = out;
        this.err = err;
        this.terminal = terminal;
        this.clock = clock;
    }

    /** Runs the command that {@code arguments} name and exits with its exit code. */
    public static void main(String[] arguments) {
        // Standard output carries the report, which may be JSON, so logs go to standard error.
        if (System.getProperty("logback.configurationFile") == null) {
            System.setProperty("logback.configurationFile", "org/brokerhandoff/audit/logback-audit.xml");
        }
        PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
        PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
        int code = run(arguments, System.getenv(), out, err, CommandLine.Help.Ansi.AUTO.enabled());
        System.exit(code);
    }

    /**
     * Runs the command that {@code arguments} name.
     *
     * @param terminal whether to colour {@code out} and to show progress on {@code err}
     * @return the exit code
     */
    static int run(
            String[] arguments, Map<String, String> environment, PrintWriter out, PrintWriter err, boolean terminal) {
        int code = commandLine(environment, out, err, terminal)
                .setOut(out)
                .setErr(err)
                .setColorScheme(CommandLine.Help.defaultColorScheme(
                        terminal ? CommandLine.Help.Ansi.ON : CommandLine.Help.Ansi.OFF))
                .setExecutionExceptionHandler((failure, command, parsed) -> FailedCommand.explain(failure, err))
                .execute(arguments.length == 0 ? new String[] {"--help"} : arguments);
        out.flush();
        err.flush();
        return code;
    }

    /** Its arguments, for the description. */
    public static CommandLine commandLine() {
        PrintWriter nowhere = new PrintWriter(Writer.nullWriter());
        return commandLine(Map.of(), nowhere, nowhere, false);
    }

    private static CommandLine commandLine(
            Map<String, String> environment, PrintWriter out, PrintWriter err, boolean terminal) {
        InstantSource clock = InstantSource.system();
        AuditMain main = new AuditMain(environment, out, err, terminal, clock);
        CommandLine audit = new CommandLine(main)
                .addSubcommand(new TailCommand(main::clients, out, terminal, clock))
                .addSubcommand(new ExportCommand(main::clients, out, err, terminal, clock))
                .setCaseInsensitiveEnumValuesAllowed(true);
        Stream.concat(Stream.of(audit), audit.getSubcommands().values().stream())
                .forEach(command -> command.getCommandSpec()
                        .exitCodeOnExecutionException(COULD_NOT_RUN)
                        .usageMessage()
                        .exitCodeListHeading("%nExit codes:%n")
                        .exitCodeList(EXIT_CODES));
        return audit;
    }

    @Command(
            name = "verify",
            description = {
                "Checks every rule for every signup, and names the signups that break one. Recomputes the ledger, if there is one.",
                "Takes one pass, and memory that does not grow with the log (docs/audit.md)."
            })
    int verify(
            @Mixin VerifyOptions options,
            @Option(
                            names = "--state",
                            paramLabel = "FILE",
                            description = {
                                "Continue from what an earlier run with this file has verified, and update the file. Needs a ledger; the file",
                                "is as large as the kept topics, and for you alone (docs/audit.md)."
                            })
                    @Nullable
                    Path state,
            @Option(names = "--json", description = "Print the whole verdict as JSON.") boolean json,
            @Option(
                            names = "--wait",
                            paramLabel = "SECONDS",
                            defaultValue = "0",
                            description = "Read again until no signup is open, for at most this long.")
                    long waitSeconds)
            throws InterruptedException {
        KafkaClients clients = clients();
        EventCodec codec = new EventCodec();
        Instant giveUp = clock.instant().plusSeconds(waitSeconds);
        Verdict verdict = verify(clients, codec, options, state);
        while (verdict.counts().open() > 0 && clock.instant().isBefore(giveUp)) {
            TimeUnit.MILLISECONDS.sleep(BETWEEN_READINGS.toMillis());
            verdict = verify(clients, codec, options, state);
        }
        out.print(json ? verdict.json() : verdict.render(terminal ? Verdict.Style.COLOURED : Verdict.Style.PLAIN));
        return verdict.holds() ? 0 : FAILED;
    }

    @Command(
            name = "replay",
            description = "Replays every decision about brokers from the log alone, and names those that differ.")
    int replay(
            @Parameters(
                            paramLabel = "ID",
                            arity = "0..1",
                            description = "Only the decisions about the signup with this id.")
                    @Nullable
                    UUID signupId,
            @Option(names = "--json", description = "Print the whole report as JSON.") boolean json) {
        ReplayReport report =
                AuditReplayer.replay(clients(), new EventCodec(), Optional.ofNullable(signupId), this::reading);
        read();
        if (signupId != null && report.counts().decisions() == 0) {
            err.println("the event log has no decision about signup " + signupId);
            return FAILED;
        }
        out.print(json ? report.json() : report.render());
        return report.equal() ? 0 : FAILED;
    }

    @Command(
            name = "evidence",
            description = {
                "Writes one file with every event of a signup and the proof that it is complete, from Kafka and the ledger in topic",
                "checkpoints. The signup's partition is recomputed and compared with the ledger."
            })
    int evidence(
            @Parameters(paramLabel = "ID", description = "The signup's id.") UUID signupId,
            @Option(
                            names = {"-o", "--output"},
                            paramLabel = "FILE",
                            description = "The file (default: ID.evidence in this folder).")
                    @Nullable
                    Path file) {
        return new EvidenceCommand(out, err)
                .export(clients(), signupId, file == null ? Path.of(signupId + ".evidence") : file);
    }

    @Command(name = "check", description = "Checks an evidence file offline, with nothing but the keys that you trust.")
    int check(
            @Parameters(paramLabel = "FILE", description = "The evidence.") Path file,
            @Option(names = "--key", paramLabel = "KEY", description = "Public key of the ledger; may be repeated.")
                    @Nullable
                    List<String> keys,
            @Option(
                            names = "--policy",
                            paramLabel = "FILE",
                            description =
                                    "Ledgers, witnesses and quorum to trust (C2SP tlog-policy), instead of --key.")
                    @Nullable
                    Path policy,
            @Option(
                            names = "--max-age",
                            paramLabel = "DURATION",
                            description = "Refuse a checkpoint older than this, such as P7D or PT24H.")
                    @Nullable
                    Duration maximumAge,
            @Option(
                            names = "--promise",
                            paramLabel = "DURATION",
                            defaultValue = "PT24H",
                            description =
                                    "Time within which the operator promises that the ledger has an event (default: ${DEFAULT-VALUE}).")
                    Duration promise,
            @ArgGroup(exclusive = false) EvidenceCommand.@Nullable Receipt receipt) {
        return new EvidenceCommand(out, err)
                .check(
                        file,
                        EvidenceCommand.policy(keys == null ? List.of() : keys, Optional.ofNullable(policy)),
                        new EvidenceCommand.Wanted(
                                Optional.ofNullable(maximumAge), promise, Optional.ofNullable(receipt)),
                        clock.instant());
    }

    @Command(
            name = "witness",
            description = {
                "Runs a witness of ledgers (C2SP tlog-witness) until it is stopped: cosigns checkpoints that extend those it cosigned before,",
                "so that the operator cannot show different logs to different people. Meant for an organisation other than the operator's."
            })
    int witness(@Mixin WitnessCommand.Options options) throws InterruptedException {
        return new WitnessCommand(options, this::clients, out).run();
    }

    @Command(
            name = "witness-key",
            description = "Makes a witness key, for witness --key, and prints its public half, for policies.")
    int witnessKey(
            @Parameters(paramLabel = "FILE", description = "New file for the private key; never overwritten.")
                    Path file,
            @Option(
                            names = "--name",
                            required = true,
                            paramLabel = "NAME",
                            description = "Name of the key, such as witness.example.org/w1.")
                    String name) {
        WitnessCommand.makeKey(file, name, out);
        return 0;
    }

    @Command(
            name = "blast-radius",
            description = {
                "Whose data could be read between two times, for a notification under Art. 33 GDPR: how many people, their countries and",
                "categories, the recipients; and the signup ids, for Art. 34."
            })
    int blastRadius(
            @Option(names = "--from", required = true, paramLabel = "TIME", description = "RFC 3339, with offset.")
                    String from,
            @Option(names = "--to", required = true, paramLabel = "TIME", description = "RFC 3339, with offset.")
                    String to,
            @Mixin DocumentForm form) {
        int code = new AuthorityCommands(out, err, clock).blastRadius(clients(), from, to, form, this::reading);
        read();
        return code;
    }

    @Command(
            name = "recipient-letter",
            description =
                    "To whom the data of one signup went, and that nothing is left here: the answer to a person's request (Art. 15 and 19 GDPR).")
    int recipientLetter(
            @Parameters(paramLabel = "ID", description = "The signup's id.") UUID signupId, @Mixin DocumentForm form) {
        return new AuthorityCommands(out, err, clock).recipientLetter(clients(), signupId, form);
    }

    @Command(
            name = "register-of-processing",
            description = {
                "The record of processing activities (Art. 30(1) GDPR): controller, purposes, categories, recipients, transfers, processors,",
                "how long data was kept, and how it is secured; as text unless --json or --html is given."
            })
    int registerOfProcessing(@Mixin DocumentForm form) {
        int code = new AuthorityCommands(out, err, clock).registerOfProcessing(clients(), form, this::reading);
        read();
        return code;
    }

    @Command(
            name = "disclosure-letter",
            description = {
                "The letter to the requester of a disclosure of a signup's data: the refusal with its ground, or the grant with the answer.",
                "Printed as text in the chosen language unless --json or --html is given."
            })
    int disclosureLetter(
            @Parameters(paramLabel = "REQUEST_ID", description = "The request's id.") UUID requestId,
            @Mixin DocumentForm form) {
        return new AuthorityCommands(out, err, clock).disclosureLetter(clients(), requestId, form);
    }

    private Verdict verify(KafkaClients clients, EventCodec codec, VerifyOptions options, @Nullable Path state) {
        AuditVerifier.Task task = options.task(clock.instant()).goingOnFrom(Optional.ofNullable(state));
        return verify(clients, codec, task, AuditListener.NONE);
    }

    Verdict verify(KafkaClients clients, EventCodec codec, AuditVerifier.Task task, AuditListener listener) {
        if (!terminal) {
            return AuditVerifier.verify(clients, codec, task, new SilentProgress(err), listener);
        }
        TerminalProgress progress = new TerminalProgress(err, System::nanoTime);
        try {
            return AuditVerifier.verify(clients, codec, task, progress, listener);
        } finally {
            progress.end();
        }
    }

    private void reading(int partition, int partitions) {
        if (terminal) {
            err.print("\rreading partition " + (partition + 1) + " of " + partitions + " ");
            err.flush();
        }
    }

    private void read() {
        if (terminal) {
            err.print("\r\u001b[K");
            err.flush();
        }
    }

    KafkaClients clients() {
        return new KafkaClients(EventLogConfiguration.readExisting(SettingsReader.of(environment, Service.AUDIT)));
    }

    Instant now() {
        return clock.instant();
    }

    PrintWriter out() {
        return out;
    }

    PrintWriter err() {
        return err;
    }

    /** Whether the output is a terminal, so that progress is shown. */
    boolean terminal() {
        return terminal;
    }

    InstantSource clock() {
        return clock;
    }
}
