package org.brokerhandoff.quickstart.installation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.brokerhandoff.operations.secrets.SecretFile;
import org.brokerhandoff.schemas.Digests;

/**
 * The files of an installation on several hosts, as {@code docker-compose.cluster.yml} describes it: in {@code etc} a folder for each host or
 * kind of service, with what it needs and no more. Each finds its folder as {@code /etc/handoff}.
 *
 * @param websiteKey API key with scope {@code website}
 * @param adminKey API key with scope {@code admin}
 * @param authority certificate of the authority that all hosts' certificates chain to, PEM
 */
public record ClusterInstallation(String websiteKey, String adminKey, String authority) {
    private static final String BROKER = ReceivingBroker.IN_CONTAINERS;
    private static final List<String> KAFKA_BROKERS = List.of("kafka-1", "kafka-2", "kafka-3");
    private static final List<String> DATABASES = List.of("postgres-1", "postgres-2");
    private static final List<String> CELLS = List.of("cell-0", "cell-1", "cell-2");
    /** Services that ask Kafka, each as a user of its own. */
    private static final List<String> KAFKA_CLIENTS =
            List.of("ingest", "router", "register-service", "erasure-agent", "audit", "ledger");

    private static final List<String> KEEPING_KEYS = List.of("ingest", "router");
    private static final List<String> READING_REGISTER = List.of("ingest", "register-service");
    private static final List<String> READING_DIRECTORY = List.of("router", "register-service");

    /** Does not print the keys. */
    @Override
    public String toString() {
        return "ClusterInstallation[" + BROKER + "]";
    }

    /**
     * Writes an installation with fresh keys, passwords and certificates.
     *
     * @param etc an empty folder that its owner alone may read
     * @throws IOException if something cannot be written, or the JDK's keytool cannot be run
     */
    public static ClusterInstallation create(Path etc) throws IOException {
        try (TrialAuthority authority = TrialAuthority.create(etc)) {
            String certificate = authority.certificate();
            for (String role : roles()) {
                Files.writeString(Files.createDirectory(etc.resolve(role)).resolve("ca.pem"), certificate);
            }
            identities(etc, authority);
            kafka(etc);
            databases(etc);
            cells(etc);
            ClusterLedger.create(etc);
            // Ingest asks the ledger, which asks the witness.
            for (String role : List.of("ingest", "ledger")) {
                ClusterLedger.trust(etc.resolve(role).resolve("ca.p12"), certificate);
            }
            LocalInstallation shared = services(etc);
            return new ClusterInstallation(shared.websiteKey(), shared.adminKey(), certificate);
        }
    }

    private static List<String> roles() {
        return Stream.of(KAFKA_BROKERS, DATABASES, CELLS, KAFKA_CLIENTS, List.of("balancer", "witness", BROKER))
                .flatMap(List::stream)
                .toList();
    }

    private static void identities(Path etc, TrialAuthority authority) throws IOException {
        for (String host : Stream.of(DATABASES, CELLS).flatMap(List::stream).toList()) {
            TrialAuthority.Identity identity = authority.issue(List.of(host));
            SecretFile.create(etc.resolve(host).resolve("server.key"), identity.key());
            SecretFile.create(etc.resolve(host).resolve("server.pem"), identity.certificate());
        }
        // Kafka and the balancers take both in one file.
        for (String host : KAFKA_BROKERS) {
            together(etc.resolve(host).resolve("server.pem"), authority.issue(List.of(host)));
        }
        together(etc.resolve("balancer").resolve("balancer.pem"), authority.issue(List.of("balancer", "localhost")));
        together(
                etc.resolve("ingest").resolve("ingest-tls.pem"),
                authority.issue(List.of("ingest-1-tls", "ingest-2-tls")));
        for (String host : List.of("ledger", "witness")) {
            together(etc.resolve(host).resolve(host + "-tls.pem"), authority.issue(List.of(host + "-tls")));
        }
    }

    private static void together(Path file, TrialAuthority.Identity identity) throws IOException {
        SecretFile.create(file, identity.key() + identity.certificate());
    }

    private static void kafka(Path etc) throws IOException {
        Map<String, String> passwords = new LinkedHashMap<>();
        Stream.concat(KAFKA_BROKERS.stream(), KAFKA_CLIENTS.stream())
                .forEach(user -> passwords.put(user, LocalInstallation.randomKey()));
        String users = passwords.entrySet().stream()
                .map(user -> " user_" + user.getKey() + "=\"" + user.getValue() + "\"")
                .collect(Collectors.joining());
        for (String broker : KAFKA_BROKERS) {
            // Brokers ask each other, and know who may ask.
            SecretFile.create(
                    etc.resolve(broker).resolve("sasl.properties"),
                    "jaas=" + login(broker, Objects.requireNonNull(passwords.get(broker)), users));
        }
        for (String client : KAFKA_CLIENTS) {
            SecretFile.create(
                    etc.resolve(client).resolve("kafka.properties"),
                    """
                    security.protocol=SASL_SSL
                    sasl.mechanism=PLAIN
                    ssl.truststore.type=PEM
                    ssl.truststore.location=/etc/handoff/ca.pem
                    sasl.jaas.config=""" + login(client, Objects.requireNonNull(passwords.get(client)), ""));
        }
    }

    private static String login(String user, String password, String users) {
        return "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"" + user + "\" password=\""
                + password + "\"" + users + ";\n";
    }

    private static void databases(Path etc) throws IOException {
        Map<String, List<String>> readers =
                Map.of("custody", KEEPING_KEYS, "register", READING_REGISTER, "replication", List.of());
        for (Map.Entry<String, List<String>> user : readers.entrySet()) {
            String password = LocalInstallation.randomKey();
            for (String role :
                    Stream.concat(DATABASES.stream(), user.getValue().stream()).toList()) {
                SecretFile.create(etc.resolve(role).resolve(user.getKey() + ".password"), password + "\n");
            }
        }
    }

    private static void cells(Path etc) throws IOException {
        List<String> lines = new ArrayList<>();
        for (String cell : CELLS) {
            String services = LocalInstallation.randomKey();
            String agent = LocalInstallation.randomKey();
            String examiner = LocalInstallation.randomKey();
            // As in docs/several-hosts.md; the engine needs the passwords' digests only.
            SecretFile.create(
                    etc.resolve(cell).resolve("users.acl"),
                    "user default off\n"
                            + user(
                                    "handoff",
                                    services,
                                    "~h:*",
                                    "+set +get +getrange +setrange +pexpireat +evalsha"
                                            + " +script|load +echo +ping +time +scan +hello")
                            + user("agent", agent, "%W~host", "+set +info +ping +hello")
                            + user(
                                    "examiner",
                                    examiner,
                                    "%R~host",
                                    "+get +info +config|get +memory|malloc-stats"
                                            + " +acl|users +acl|getuser +acl|dryrun +time +ping +hello"));
            SecretFile.create(etc.resolve(cell).resolve("agent.password"), agent + "\n");
            for (String role : KEEPING_KEYS) {
                SecretFile.create(etc.resolve(role).resolve(cell + ".password"), services + "\n");
                SecretFile.create(etc.resolve(role).resolve(cell + "-examiner.password"), examiner + "\n");
            }
            lines.add("  - {host: " + cell + ", port: 6379, user: handoff, passwordFile: " + cell
                    + ".password, examiner: examiner, examinerPasswordFile: " + cell + "-examiner.password}\n");
        }
        // Ingest alone reads it; the file of cells is the same for all.
        SecretFile.create(etc.resolve("ingest").resolve("idempotency.key"), LocalInstallation.randomKey() + "\n");
        for (String role : KEEPING_KEYS) {
            Files.writeString(
                    etc.resolve(role).resolve("cells.yaml"),
                    """
                    database:
                      url: "URL"
                      user: custody
                      passwordFile: custody.password
                    roster: 1
                    caFile: ca.pem
                    idempotencyKeyFile: idempotency.key
                    cells:
                    """.replace("URL", databaseUrl("custody")) + String.join("", lines));
        }
    }

    private static String user(String name, String password, String keys, String commands) {
        return "user " + name + " on #" + Digests.hex(Digests.sha256(password)) + " resetchannels " + keys + " -@all "
                + commands + "\n";
    }

    /** Whichever of the two is the primary, by TLS to the host of that name. */
    static String databaseUrl(String database) {
        return "jdbc:postgresql://" + String.join(",", DATABASES) + "/" + database + "?targetServerType=primary"
                + "&sslmode=verify-full&sslrootcert=/etc/handoff/ca.pem&connectTimeout=5&hostRecheckSeconds=2";
    }

    /** API keys, broker directory and signing keys, as for one host, each where it is needed. */
    private static LocalInstallation services(Path etc) throws IOException {
        Path whole = Files.createDirectory(etc.resolve("whole"));
        LocalInstallation installation = LocalInstallation.create(
                whole, "unused", List.of(ReceivingBroker.inContainers()), Duration.ofHours(24), Map.of());
        copy(whole, "api-keys.yaml", etc.resolve("ingest"));
        copy(whole, "operator.yaml", etc.resolve("ingest"));
        copy(whole, "secrets/receipts.pem", etc.resolve("ingest"));
        for (String role : READING_DIRECTORY) {
            copy(whole, "brokers.yaml", etc.resolve(role));
            copy(whole, "secrets/" + BROKER + ".current", etc.resolve(role));
        }
        copy(whole, "secrets/" + BROKER + ".current", etc.resolve(BROKER));
        try (Stream<Path> files = Files.walk(whole)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
        return installation;
    }

    private static void copy(Path from, String name, Path to) throws IOException {
        Path copy = to.resolve(name);
        Files.createDirectories(copy.getParent());
        Files.copy(from.resolve(name), copy, StandardCopyOption.COPY_ATTRIBUTES);
    }
}
