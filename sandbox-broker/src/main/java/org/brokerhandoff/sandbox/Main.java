package org.brokerhandoff.sandbox;

import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The sandbox broker as a separate process. */
@Command(
        name = "handoff sandbox-broker",
        sortOptions = false,
        exitCodeOnExecutionException = 2,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:help was requested; with --send: the endpoint keeps the contract",
            "1:with --send: a check failed",
            "2:could not start, or could not reach the endpoint"
        },
        description = {
            "A broker that receives signups, for development and tests; with --send, a router that sends them.",
            "Prints one line per request: kind, signup id, answer, and whether and why the signature is right or wrong; never"
                    + " personal data, which it does not keep.",
            "Without further options it accepts everything; several options are combined, refusals first."
        })
public final class Main implements Callable<Integer> {
    private static final Set<String> ACTING_ON_HANDOFFS =
            Set.of("--refuse-share", "--refuse-country", "--fail-share", "--drop-reply-share", "--delay-ms");

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    boolean help;

    @Option(
            names = "--id",
            paramLabel = "ID",
            description = "Broker id, as in brokers.yaml (default: ${DEFAULT-VALUE}).")
    private String id = "sandbox";

    @Option(names = "--host", paramLabel = "ADDRESS", description = "Listen here (default: ${DEFAULT-VALUE}).")
    private String host = "127.0.0.1";

    @Option(names = "--port", paramLabel = "PORT", description = "Port to listen on; 0, the default, for a free one.")
    private int port;

    @Option(
            names = "--admin-port",
            paramLabel = "PORT",
            description = {
                "Serve a page that shows requests and answers, and changes behaviour, on 127.0.0.1 at this port, 0 for",
                "a free one. For programs: PUT /handoffs, /notices, /pings, /questions; GET /behaviour, /books, /books/ID; DELETE /books."
            })
    private Optional<Integer> adminPort = Optional.empty();

    @Option(names = "--json", description = "Print one JSON object per line.")
    private boolean json;

    @Option(
            names = "--tls",
            paramLabel = "KIND",
            description = "Use TLS with a certificate made for this run: good (for localhost), wrong_host or expired.")
    private Optional<SandboxCertificate.Kind> tls = Optional.empty();

    @Option(
            names = "--certificate-out",
            paramLabel = "FILE",
            description = "Write the certificate to this file, so that clients can trust it.")
    private Optional<Path> certificateOut = Optional.empty();

    @Option(
            names = "--client-ca",
            paramLabel = "FILE",
            description = "With --tls: refuse clients without a certificate of the authorities in this PEM file.")
    private Optional<Path> clientCa = Optional.empty();

    @Option(names = "--any-body", description = "Accept handoffs with any body, as a broker with a field mapping does.")
    private boolean anyBody;

    @Option(
            names = "--handoffs",
            paramLabel = "TEXT",
            description = {
                "How to react to handoffs: clauses WHAT[:ARGUMENT][@SHARE], separated by commas; the first that applies decides.",
                BehaviourText.CLAUSES,
                "Example: --handoffs drop-reply@0.05,500@0.05,429:2@0.02"
            })
    private String handoffs = "";

    @Option(
            names = "--notices",
            paramLabel = "TEXT",
            description =
                    "How to react to notices: complete, pending:QUESTIONS, refuse:REASON, silent, or STATUS[:TIMES]; with --send:"
                            + " the address to send them to.")
    private String notices = "complete";

    @Option(names = "--pings", paramLabel = "TEXT", description = "How to answer pings: accept, reject, silent or 503.")
    private String pings = "accept";

    @Option(names = "--questions", paramLabel = "TEXT", description = "Whether questions are answered: answer or 503.")
    private String questions = "answer";

    @Option(
            names = "--send",
            paramLabel = "URL",
            description =
                    "Do not listen: send signed samples to this endpoint and check its answers against the contract.")
    private Optional<URI> send = Optional.empty();

    @Option(names = "--send-pings", description = "With --send: the broker gets pings first.")
    private boolean sendPings;

    @Option(
            names = "--trust",
            paramLabel = "FILE",
            description = "With --send: trust the certificates in this PEM file instead of the system's.")
    private Optional<Path> trust = Optional.empty();

    @Option(
            names = "--secret-file",
            paramLabel = "FILE",
            description = "File with webhook keys (whsec_…, whsk_… or whpk_…), one per line; may be repeated. "
                    + "Without it signatures are not checked.")
    private List<Path> secretFiles = List.of();

    @Option(names = "--accept", description = "Accept everything: the default, for explicit scripts.")
    private boolean accept;

    @Option(names = "--refuse-share", paramLabel = "X", description = "Refuse this share of the signups (0 to 1).")
    private double refuseShare;

    @Option(
            names = "--refuse-country",
            paramLabel = "CC",
            split = ",",
            description = "Refuse people of these countries.")
    private Set<String> refuseCountries = Set.of();

    @Option(names = "--fail-share", paramLabel = "X", description = "Answer 500 to this share of requests.")
    private double failShare;

    @Option(
            names = "--drop-reply-share",
            paramLabel = "X",
            description = "Accept, but lose the reply to this share of requests.")
    private double dropReplyShare;

    @Option(names = "--delay-ms", paramLabel = "N", description = "Delay each answer by this many milliseconds.")
    private long delayMillis;

    @Option(names = "--seed", paramLabel = "N", description = "Random seed for the shares (default: ${DEFAULT-VALUE}).")
    private long seed = 1;

    /** Runs until a signal terminates it. */
    public static void main(String[] arguments) {
        // Not logback.xml: this module also runs inside processes that have their own.
        if (System.getProperty("logback.configurationFile") == null) {
            System.setProperty("logback.configurationFile", "sandbox-broker-logback.xml");
        }
        System.exit(commandLine().execute(arguments));
    }

    static CommandLine commandLine() {
        return new CommandLine(new Main())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler((failure, line, parsed) -> {
                    line.getErr().println(failure.getMessage());
                    return line.getCommandSpec().exitCodeOnExecutionException();
                });
    }

    @Override
    public Integer call() throws InterruptedException {
        ConsoleLines lines = new ConsoleLines(spec.commandLine().getOut(), json);
        if (send.isPresent()) {
            return send(send.get(), lines);
        }
        SandboxBrokerSettings settings = settings(lines);
        Vertx vertx = Vertx.vertx();
        try (SandboxBroker broker = SandboxBroker.start(vertx, settings)) {
            broker.behaveOnPings(BehaviourText.pings(pings));
            broker.answerQuestions(BehaviourText.questions(questions));
            lines.info(broker.id() + " listens at " + broker.endpoint());
            if (settings.secrets().isEmpty()) {
                lines.info("signatures are not checked: no --secret-file given");
            }
            if (adminPort.isPresent()) {
                Map<String, String> texts = new HashMap<>(
                        Map.of("handoffs", handoffs, "notices", notices, "pings", pings, "questions", questions));
                if (!options().isEmpty()) {
                    texts.put(SandboxAdmin.OPTIONS, options());
                }
                // Closed with Vert.x, on every exit path.
                SandboxAdmin admin = SandboxAdmin.start(vertx, broker, adminPort.get(), seed, texts);
                lines.info("page, behaviour and books at " + admin.address());
            }
            Runtime.getRuntime().addShutdownHook(new Thread(() -> lines.totals(broker.books())));
            new CountDownLatch(1).await();
        } finally {
            vertx.close();
        }
        return 0;
    }

    SandboxBrokerSettings settings(ConsoleLines lines) {
        try {
            SandboxBrokerSettings settings = SandboxBrokerSettings.named(id)
                    .withHost(host)
                    .withPort(port)
                    .withSecrets(WebhookKey.read(secretFiles))
                    .withBehaviour(behaviour())
                    .withNoticeBehaviour(BehaviourText.notices(notices))
                    .withObserver(lines::exchange);
            BehaviourText.pings(pings);
            BehaviourText.questions(questions);
            if (anyBody) {
                settings = settings.withAnyBody();
            }
            if (tls.isPresent()) {
                SandboxCertificate certificate = SandboxCertificate.make(tls.get());
                if (certificateOut.isPresent()) {
                    Files.writeString(certificateOut.get(), certificate.pem());
                }
                settings = settings.withCertificate(certificate);
            }
            return clientCa.isPresent() ? settings.withClientAuthorities(authorities(clientCa.get())) : settings;
        } catch (IOException e) {
            throw new ParameterException(spec.commandLine(), "cannot write the certificate", e);
        } catch (IllegalArgumentException | UncheckedIOException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        }
    }

    private static String authorities(Path file) {
        try {
            String pem = Files.readString(file);
            if (!pem.contains("-----BEGIN CERTIFICATE-----")) {
                throw new IllegalArgumentException("no certificate in " + file);
            }
            return pem;
        } catch (IOException e) {
            throw new IllegalArgumentException("cannot read " + file, e);
        }
    }

    private int send(URI endpoint, ConsoleLines lines) throws InterruptedException {
        List<WebhookSigner> signers = new ArrayList<>();
        Optional<URI> noticesAddress;
        try {
            for (WebhookKey key : WebhookKey.read(secretFiles)) {
                if (!(key instanceof WebhookSigner signer)) {
                    throw new IllegalArgumentException("a public key (whpk_…) cannot sign; use the key pair (whsk_…)");
                }
                signers.add(signer);
            }
            noticesAddress = notices.equals("complete") ? Optional.empty() : Optional.of(URI.create(notices));
        } catch (IllegalArgumentException | UncheckedIOException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        }
        List<ContractCheck.Check> checks = new ContractCheck(
                        client(),
                        new ContractCheck.Target(endpoint, noticesAddress, sendPings, signers, Duration.ofSeconds(30)))
                .run();
        checks.forEach(lines::check);
        long failed = checks.stream()
                .filter(check -> check.outcome() == ContractCheck.Outcome.FAILED)
                .count();
        boolean reached = checks.stream()
                .anyMatch(check ->
                        !check.detail().startsWith("no answer") && check.outcome() != ContractCheck.Outcome.SKIPPED);
        lines.info(
                failed == 0 ? "the endpoint keeps the contract" : failed + " of " + checks.size() + " checks failed");
        return failed == 0 ? 0 : reached ? 1 : 2;
    }

    private HttpClient client() {
        HttpClient.Builder client = HttpClient.newBuilder()
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(Duration.ofSeconds(5));
        try {
            trust.map(TrustedCertificates::context).ifPresent(client::sslContext);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        }
        return client.build();
    }

    private Behaviour behaviour() {
        boolean misbehaves = refuseShare > 0
                || failShare > 0
                || dropReplyShare > 0
                || delayMillis > 0
                || !refuseCountries.isEmpty()
                || !handoffs.isBlank();
        if (accept && misbehaves) {
            throw new IllegalArgumentException("--accept excludes refusals, failures and delays");
        }
        // With equal seeds, the arrivals that fail would be those whose replies are lost.
        return BehaviourText.handoffs(handoffs, seed + 3)
                .otherwise(Behaviour.refusing(refuseCountries))
                .otherwise(Behaviour.refusing(share("--refuse-share", refuseShare), seed))
                .otherwise(Behaviour.flaky(share("--fail-share", failShare), seed + 1))
                .otherwise(Behaviour.losingReplies(share("--drop-reply-share", dropReplyShare), seed + 2))
                .delayedBy(Duration.ofMillis(delayMillis));
    }

    /** The options that act on handoffs besides {@code --handoffs}, as given; empty if there are none. */
    private String options() {
        return spec.commandLine().getParseResult().matchedOptions().stream()
                .filter(option -> ACTING_ON_HANDOFFS.contains(option.longestName()))
                .map(option -> option.longestName() + " " + String.join(",", option.originalStringValues()))
                .collect(Collectors.joining(" "));
    }

    private static double share(String option, double share) {
        if (!(share >= 0 && share <= 1)) {
            throw new IllegalArgumentException(option + " must be from 0 to 1");
        }
        return share;
    }
}
