package org.brokerhandoff.custody.service;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.brokerhandoff.custody.preflight.Examination;
import org.brokerhandoff.custody.preflight.Finding;
import org.brokerhandoff.custody.preflight.Preflight;
import org.brokerhandoff.custody.preflight.PurgeCeiling;
import org.brokerhandoff.custody.time.HostClock;
import org.brokerhandoff.operations.configuration.InvalidConfiguration;
import org.brokerhandoff.operations.configuration.KeySettings;
import org.brokerhandoff.operations.configuration.Service;
import org.brokerhandoff.operations.configuration.SettingsReader;
import org.brokerhandoff.operations.process.ProductVersion;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code ./handoff preflight}: whether this host is a place for custody. */
@Command(
        name = "handoff preflight",
        mixinStandardHelpOptions = true,
        versionProvider = ProductVersion.class,
        exitCodeOnExecutionException = 2,
        description = {
            "Examines this host and the place of the slot file, and says which level purges may claim there.",
            "The slot file is not touched and need not exist: a test key is written to a file beside it, erased and searched for.",
            "Swap and core dumps are judged for this process, so run it the way the services run.",
            "With HANDOFF_CUSTODY=cells:FILE, examines the database and the three cells instead, and names what is wrong with each;",
            "and the secret of ingest (idempotencyKeyFile), if it is on this host."
        },
        footer = {"", "Configured by HANDOFF_CUSTODY, HANDOFF_CUSTODY_FILE and HANDOFF_KEYSET_FILE."},
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:purges may claim UNREACHABLE or more; with cells: database, cells and the secret of ingest, if it is here, are fit",
            "1:they may not, or erasing does not work; with cells: one of these is not fit, or not reached",
            "2:could not run"
        })
public final class PreflightMain implements Callable<Integer> {
    private static final int TOO_LOW = 1;
    private static final int COULD_NOT_RUN = 2;

    private final Map<String, String> environment;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Option(names = "--json", description = "Print it as JSON.")
    private boolean json;

    private PreflightMain(Map<String, String> environment) {
        this.environment = environment;
    }

    /** Runs the command. */
    public static void main(String[] arguments) {
        // Standard output carries the report, which may be JSON, so what is logged goes to standard error.
        if (System.getProperty("logback.configurationFile") == null) {
            System.setProperty("logback.configurationFile", "org/brokerhandoff/preflight/logback-preflight.xml");
        }
        System.exit(run(
                arguments,
                System.getenv(),
                new PrintWriter(System.out, true, StandardCharsets.UTF_8),
                new PrintWriter(System.err, true, StandardCharsets.UTF_8)));
    }

    /** What it takes, to describe it. */
    public static CommandLine commandLine() {
        return new CommandLine(new PreflightMain(Map.of()));
    }

    /** Runs the command; its exit code. */
    public static int run(String[] arguments, Map<String, String> environment, PrintWriter out, PrintWriter err) {
        int code = new CommandLine(new PreflightMain(environment))
                .setOut(out)
                .setErr(err)
                .setExecutionExceptionHandler((failure, command, parsed) -> {
                    if (failure instanceof InvalidConfiguration
                            || failure instanceof InvalidCells
                            || failure instanceof UncheckedIOException) {
                        err.println("could not run: " + failure.getMessage());
                    } else {
                        err.println("could not run: " + failure.getClass().getName());
                        failure.printStackTrace(err);
                    }
                    return COULD_NOT_RUN;
                })
                .execute(arguments);
        out.flush();
        err.flush();
        return code;
    }

    @Override
    public Integer call() {
        SettingsReader settings = SettingsReader.of(environment, Service.PREFLIGHT);
        Optional<CellsConfiguration> cells = CellsConfiguration.of(settings);
        return cells.isPresent() ? ofCells(cells.get(), settings) : ofFile(settings);
    }

    private int ofCells(CellsConfiguration where, SettingsReader settings) {
        CellsExamination examination =
                CellsPreflight.examine(where, settings.get(KeySettings.CUSTODY_FILE), HostClock.wallClock());
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(json(examination));
        } else {
            out.print(examination.render());
        }
        return examination.fit() ? 0 : TOO_LOW;
    }

    private int ofFile(SettingsReader settings) {
        Examination examination = Preflight.ofPlace(
                settings.get(KeySettings.CUSTODY_FILE),
                settings.get(KeySettings.KEYSET_FILE),
                HostClock.wallClock().instant());
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(json(examination));
        } else {
            out.println("slot file " + examination.slotFile());
            out.print(examination.render());
        }
        return examination.highest() == PurgeCeiling.UNREADABLE ? TOO_LOW : 0;
    }

    private static String json(Examination examination) {
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        root.put("slotFile", examination.slotFile().toString());
        root.put("highestLevel", examination.highest().name());
        root.put("fileSystem", examination.fileSystem().name());
        root.put("swap", examination.swap());
        root.put("coreDumps", examination.coreDumps());
        ArrayNode findings = root.putArray("findings");
        examination.findings().forEach(finding -> add(findings, finding));
        return written(root);
    }

    private static String json(CellsExamination examination) {
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        root.put("fit", examination.fit());
        root.put("highestLevel", examination.highest().name());
        ArrayNode parts = root.putArray("parts");
        for (CellsExamination.Part part : examination.parts()) {
            ObjectNode object = parts.addObject();
            object.put("name", part.name())
                    .put("place", part.place())
                    .put("memory", part.memory().name());
            ArrayNode problems = object.putArray("problems");
            part.problems()
                    .forEach(problem -> problems.addObject()
                            .put("name", problem.name())
                            .put("found", problem.found())
                            .put("remedy", problem.remedy()));
        }
        root.putObject("idempotencyKeyFile")
                .put("severity", examination.secret().severity().name())
                .put("found", examination.secret().found())
                .put("remedy", examination.secret().remedy());
        ArrayNode findings = root.putArray("findings");
        examination.memory().forEach(finding -> add(findings, finding));
        return written(root);
    }

    private static void add(ArrayNode findings, Finding finding) {
        findings.addObject()
                .put("name", finding.name().name())
                .put("severity", finding.severity().name())
                .put("permits", finding.permits().name())
                .put("found", finding.found())
                .put("meaning", finding.meaning());
    }

    private static String written(ObjectNode root) {
        try {
            return new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(root);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree of texts can be written", e);
        }
    }
}
