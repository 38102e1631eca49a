package org.brokerhandoff.sandbox;

import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The sandbox broker as a process of its own. */
@Command(
        name = "sandbox-broker",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        exitCodeOnExecutionException = 2,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:help was asked for", "2:could not start", "143:stopped by SIGTERM"},
        description = {
            "A broker to hand signups to, for development and tests.",
            "Prints one line per handoff: signup id and verdict, never personal data.",
            "Without further options it accepts everything; several options act together, refusals first."
        })
public final class Main implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(names = "--id", required = true, paramLabel = "ID", description = "Broker id, as in brokers.yaml.")
    private String id = "";

    @Option(names = "--host", paramLabel = "ADDRESS", description = "Listen here (default: ${DEFAULT-VALUE}).")
    private String host = "127.0.0.1";

    @Option(names = "--port", required = true, paramLabel = "PORT", description = "Listen here; 0 for a free port.")
    private int port;

    @Option(
            names = "--secret-file",
            paramLabel = "FILE",
            description = "File with webhook secrets (whsec_…), one a line; may be repeated. "
                    + "Without it signatures are not checked.")
    private List<Path> secretFiles = List.of();

    @Option(names = "--accept", description = "Accept everything; the default, for the sake of clear scripts.")
    private boolean accept;

    @Option(names = "--refuse-share", paramLabel = "X", description = "Refuse this share of the signups (0 to 1).")
    private double refuseShare;

    @Option(
            names = "--refuse-country",
            paramLabel = "CC",
            split = ",",
            description = "Refuse people of these countries.")
    private Set<String> refuseCountries = Set.of();

    @Option(names = "--fail-share", paramLabel = "X", description = "Answer 500 to this share of the arrivals.")
    private double failShare;

    @Option(
            names = "--drop-reply-share",
            paramLabel = "X",
            description = "Accept, but lose the reply of this share of the arrivals.")
    private double dropReplyShare;

    @Option(names = "--delay-ms", paramLabel = "N", description = "React after this many milliseconds.")
    private long delayMillis;

    @Option(names = "--seed", paramLabel = "N", description = "Seed of the shares (default: ${DEFAULT-VALUE}).")
    private long seed = 1;

    /** Runs until a signal stops it. */
    public static void main(String[] arguments) {
        // Not logback.xml: this module also runs inside processes that have their own.
        if (System.getProperty("logback.configurationFile") == null) {
            System.setProperty("logback.configurationFile", "sandbox-broker-logback.xml");
        }
        System.exit(commandLine().execute(arguments));
    }

    static CommandLine commandLine() {
        return new CommandLine(new Main()).setExecutionExceptionHandler((failure, line, parsed) -> {
            line.getErr().println(failure.getMessage());
            return line.getCommandSpec().exitCodeOnExecutionException();
        });
    }

    @Override
    public Integer call() throws InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        SandboxBrokerSettings settings = settings(out);
        Vertx vertx = Vertx.vertx();
        try (SandboxBroker broker = SandboxBroker.start(vertx, settings)) {
            out.printf("%s listens at %s%n", broker.id(), broker.endpoint());
            out.flush();
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                out.println(broker.books().totals());
                out.flush();
            }));
            new CountDownLatch(1).await();
        } finally {
            vertx.close();
        }
        return 0;
    }

    SandboxBrokerSettings settings(PrintWriter out) {
        try {
            return SandboxBrokerSettings.named(id)
                    .withHost(host)
                    .withPort(port)
                    .withSecrets(secrets())
                    .withBehaviour(behaviour())
                    .withListener((signupId, verdict) -> {
                        out.println(signupId + " " + verdict.name().toLowerCase(Locale.ROOT));
                        out.flush();
                    });
        } catch (IllegalArgumentException | UncheckedIOException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        }
    }

    private Behaviour behaviour() {
        boolean misbehaves =
                refuseShare > 0 || failShare > 0 || dropReplyShare > 0 || delayMillis > 0 || !refuseCountries.isEmpty();
        if (accept && misbehaves) {
            throw new IllegalArgumentException("--accept excludes refusals, failures and delays");
        }
        // Different seeds, or the arrivals that fail would be those whose replies are lost.
        return Behaviour.refusing(refuseCountries)
                .otherwise(Behaviour.refusing(share("--refuse-share", refuseShare), seed))
                .otherwise(Behaviour.flaky(share("--fail-share", failShare), seed + 1))
                .otherwise(Behaviour.losingReplies(share("--drop-reply-share", dropReplyShare), seed + 2))
                .delayedBy(Duration.ofMillis(delayMillis));
    }

    private static double share(String option, double share) {
        if (!(share >= 0 && share <= 1)) {
            throw new IllegalArgumentException(option + " must be from 0 to 1");
        }
        return share;
    }

    private List<WebhookSecret> secrets() {
        List<WebhookSecret> secrets = new ArrayList<>();
        for (Path file : secretFiles) {
            List<String> lines;
            try {
                lines = Files.readAllLines(file, StandardCharsets.UTF_8);
            } catch (IOException e) {
                throw new UncheckedIOException("cannot read " + file, e);
            }
            int before = secrets.size();
            lines.stream()
                    .filter(line -> !line.isBlank())
                    .map(WebhookSecret::parse)
                    .forEach(secrets::add);
            if (secrets.size() == before) {
                // An empty file would silently switch the checks off.
                throw new IllegalArgumentException("no secret in " + file);
            }
        }
        return secrets;
    }
}
