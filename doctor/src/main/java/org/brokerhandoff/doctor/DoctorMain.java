package org.brokerhandoff.doctor;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.brokerhandoff.custody.time.HostClock;
import org.brokerhandoff.eventlog.EventLogConfiguration;
import org.brokerhandoff.operations.configuration.InvalidConfiguration;
import org.brokerhandoff.operations.configuration.Service;
import org.brokerhandoff.operations.configuration.SettingsReader;
import org.brokerhandoff.operations.process.ProductVersion;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code ./handoff doctor}: looks at a configured installation, and says what to do. */
@Command(
        name = "handoff doctor",
        mixinStandardHelpOptions = true,
        versionProvider = ProductVersion.class,
        exitCodeOnExecutionException = 2,
        sortOptions = false,
        description = {
            "Diagnoses a configured installation and suggests fixes: the settings of each service, the files that they name and",
            "who may read them, the host and its clock, Kafka and its topics, and the services on this host. It changes nothing.",
            "Run it as the services' user, with their environment."
        },
        footer = {"", "Configured by HANDOFF_… environment variables; docs/configuration.md lists them."},
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:no problem found; there may be advice", "1:a problem was found", "2:could not run"})
public final class DoctorMain implements Callable<Integer> {
    private static final int WRONG = 1;
    private static final int COULD_NOT_RUN = 2;
    private static final Set<Service> USUAL = EnumSet.of(Service.INGEST, Service.ROUTER, Service.REGISTER_SERVICE);

    private final Map<String, String> environment;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Option(
            names = "--service",
            paramLabel = "NAME",
            split = ",",
            description =
                    "the services that this environment configures: ingest, router, register-service, ledger, erasure-agent"
                            + " (default: the first three)")
    private List<String> services = List.of();

    @Option(names = "--json", description = "print it as JSON.")
    private boolean json;

    private DoctorMain(Map<String, String> environment) {
        this.environment = environment;
    }

    /** Runs the command. */
    public static void main(String[] arguments) {
        // Standard output carries the findings, which may be JSON, so what is logged goes to standard error.
        if (System.getProperty("logback.configurationFile") == null) {
            System.setProperty("logback.configurationFile", "org/brokerhandoff/doctor/logback-doctor.xml");
        }
        System.exit(run(
                arguments,
                System.getenv(),
                new PrintWriter(System.out, true, StandardCharsets.UTF_8),
                new PrintWriter(System.err, true, StandardCharsets.UTF_8)));
    }

    /** What it takes, to describe it. */
    public static CommandLine commandLine() {
        return new CommandLine(new DoctorMain(Map.of()));
    }

    /** Runs the command; its exit code. */
    public static int run(String[] arguments, Map<String, String> environment, PrintWriter out, PrintWriter err) {
        int code = new CommandLine(new DoctorMain(environment))
                .setOut(out)
                .setErr(err)
                .setExecutionExceptionHandler((failure, command, parsed) -> {
                    // Not the message: it may be a library's, and quote what it read.
                    err.println("could not run: " + failure.getClass().getName());
                    return COULD_NOT_RUN;
                })
                .execute(arguments);
        out.flush();
        err.flush();
        return code;
    }

    @Override
    public Integer call() {
        List<Finding> findings = findings(named());
        PrintWriter out = spec.commandLine().getOut();
        out.print(json ? json(findings) : text(findings));
        return isWell(findings) ? 0 : WRONG;
    }

    private Set<Service> named() {
        Set<Service> named = EnumSet.noneOf(Service.class);
        for (String name : services) {
            named.add(EnumSet.of(
                            Service.INGEST,
                            Service.ROUTER,
                            Service.REGISTER_SERVICE,
                            Service.LEDGER,
                            Service.ERASURE_AGENT)
                    .stream()
                    .filter(service -> service.commandName().equals(name))
                    .findFirst()
                    .orElseThrow(() -> new CommandLine.ParameterException(
                            spec.commandLine(), "no service has the name '" + name + "'")));
        }
        return named.isEmpty() ? USUAL : named;
    }

    private List<Finding> findings(Set<Service> named) {
        HostClock clock = HostClock.system();
        Instant now = HostClock.wallClock().instant();
        SettingsCheck.Result settings = SettingsCheck.of(environment, named);
        List<Finding> findings = new ArrayList<>(settings.findings());
        findings.addAll(FilesCheck.of(settings.valid(), now));
        if (named.contains(Service.INGEST) || named.contains(Service.ROUTER)) {
            try {
                findings.addAll(HostCheck.of(
                        SettingsReader.of(environment, Service.PREFLIGHT), named.contains(Service.INGEST), clock, now));
            } catch (InvalidConfiguration told) {
                // The settings of ingest and router include these.
            }
        }
        settings.valid().entrySet().stream()
                .filter(service -> USUAL.contains(service.getKey()))
                .findFirst()
                .ifPresent(service -> {
                    try {
                        findings.addAll(KafkaCheck.of(EventLogConfiguration.read(service.getValue()), now));
                    } catch (UncheckedIOException told) {
                        // Its file was among those that were looked at.
                    }
                });
        findings.addAll(ServicesCheck.of(settings.valid()));
        return findings;
    }

    private static boolean isWell(List<Finding> findings) {
        return findings.stream().noneMatch(finding -> finding.severity() == Finding.Severity.WRONG);
    }

    static String text(List<Finding> findings) {
        int widest = findings.stream()
                .mapToInt(finding -> finding.check().length())
                .max()
                .orElse(1);
        String indent = " ".repeat(widest + 10);
        StringBuilder text = new StringBuilder();
        for (Finding finding : findings) {
            text.append(String.format(
                    Locale.ROOT,
                    "%-6s  %-" + widest + "s  %s%n",
                    finding.severity().word(),
                    finding.check(),
                    finding.found().strip().replace("\n", "\n" + indent)));
            if (!finding.remedy().isEmpty()) {
                text.append(indent).append("→ ").append(finding.remedy()).append('\n');
            }
        }
        return text.append(isWell(findings) ? "nothing is wrong\n" : "something is wrong\n")
                .toString();
    }

    private static String json(List<Finding> findings) {
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        root.put("well", isWell(findings));
        ArrayNode list = root.putArray("findings");
        for (Finding finding : findings) {
            list.addObject()
                    .put("check", finding.check())
                    .put("severity", finding.severity().name())
                    .put("found", finding.found())
                    .put("remedy", finding.remedy());
        }
        try {
            return new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(root) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree of texts can be written", e);
        }
    }
}
