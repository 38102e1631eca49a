package org.brokerhandoff.quickstart.installation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.brokerhandoff.ledger.note.SigningKey;
import org.brokerhandoff.operations.configuration.Settings;
import org.brokerhandoff.operations.secrets.SecretFile;
import org.brokerhandoff.register.SqliteUrl;
import org.brokerhandoff.schemas.Digests;

/**
 * The files of a local installation and the environment that points to them.
 *
 * @param directory the folder that holds everything
 * @param websiteKey API key with scope {@code website}
 * @param adminKey API key with scope {@code admin}
 * @param environment {@code HANDOFF_…} variables for the services
 */
public record LocalInstallation(Path directory, String websiteKey, String adminKey, Map<String, String> environment) {
    private static final String CANARY_API_KEY = "canary.key";
    private static final String CANARY_SIGNING_KEY = "canary.pem";

    /** File with the API key of retention canaries. */
    public Path canaryApiKeyFile() {
        return directory.resolve("secrets").resolve(CANARY_API_KEY);
    }

    /** File with the key that results of retention canaries are signed with. */
    public Path canarySigningKeyFile() {
        return directory.resolve("secrets").resolve(CANARY_SIGNING_KEY);
    }

    /** Does not print the keys. */
    @Override
    public String toString() {
        return "LocalInstallation[" + directory + "]";
    }

    /**
     * Writes an installation with fresh keys.
     *
     * @param directory an empty folder
     * @param bootstrapServers where Kafka is
     * @param brokers the brokers
     * @param maximumHold longest hold of a signup
     * @param further variables that win over the defaults
     */
    public static LocalInstallation create(
            Path directory,
            String bootstrapServers,
            List<ReceivingBroker> brokers,
            Duration maximumHold,
            Map<String, String> further)
            throws IOException {
        Path secrets = Files.createDirectories(directory.resolve("secrets"));
        for (ReceivingBroker broker : brokers) {
            SecretFile.create(secrets.resolve(broker.id() + ".current"), broker.secret() + "\n");
        }
        Files.writeString(directory.resolve("brokers.yaml"), yaml(brokers));
        Files.writeString(directory.resolve("operator.yaml"), SampleOperator.yaml());
        SecretFile.create(secrets.resolve("receipts.pem"), SigningKey.newPem());
        SecretFile.create(secrets.resolve(CANARY_SIGNING_KEY), SigningKey.newPem());
        String canaryKey = randomKey();
        SecretFile.create(secrets.resolve(CANARY_API_KEY), canaryKey + "\n");
        String websiteKey = randomKey();
        String adminKey = randomKey();
        SecretFile.create(
                directory.resolve("api-keys.yaml"),
                "keys:\n" + apiKey("website-1", "website", websiteKey) + apiKey("admin-1", "admin", adminKey)
                        + apiKey("canary-1", "website, canary", canaryKey));
        Map<String, String> environment = new TreeMap<>();
        environment.put("HANDOFF_KAFKA_BOOTSTRAP_SERVERS", bootstrapServers);
        environment.put(
                "HANDOFF_CUSTODY_FILE", directory.resolve("custody.slots").toString());
        environment.put(
                "HANDOFF_KEYSET_FILE", directory.resolve("custody.keyset").toString());
        environment.put("HANDOFF_REGISTER_URL", SqliteUrl.of(directory.resolve("register.db")));
        environment.put(
                "HANDOFF_IDEMPOTENCY_FILE", directory.resolve("idempotency.db").toString());
        environment.put(
                "HANDOFF_API_KEYS_FILE", directory.resolve("api-keys.yaml").toString());
        environment.put(
                "HANDOFF_BROKERS_FILE", directory.resolve("brokers.yaml").toString());
        environment.put(
                "HANDOFF_OPERATOR_FILE", directory.resolve("operator.yaml").toString());
        environment.put(
                "HANDOFF_RECEIPT_KEY_FILES", secrets.resolve("receipts.pem").toString());
        environment.put("HANDOFF_MAX_HOLD", maximumHold.toString());
        // Several installations may run on one machine.
        environment.put("HANDOFF_OPERATIONS_PORT", "0");
        environment.putAll(further);
        return new LocalInstallation(directory, websiteKey, adminKey, Map.copyOf(environment));
    }

    /** The settings of this process that installations started by it get, too: where spans are sent. */
    public static Map<String, String> passedOn(Map<String, String> environment) {
        String endpoint = Settings.TRACING_ENDPOINT.name();
        return environment.containsKey(endpoint) ? Map.of(endpoint, environment.get(endpoint)) : Map.of();
    }

    private static String yaml(List<ReceivingBroker> brokers) {
        return brokers.stream()
                .map(broker -> String.format(
                        Locale.ROOT,
                        """
                  - id: %s
                    name: %s
                    countries: [%s]
                    transferBasis: {default: EEA}
                    privacyPolicy: https://%s.example/privacy
                    cookiePolicy: https://%s.example/cookies
                    contact: https://%s.example/contact
                    endpoint: %s
                    notices: %s
                    secretFiles: [secrets/%s.current]
                    priority: %d
                    weight: %d
                    local: true
                %s""",
                        broker.id(),
                        broker.name(),
                        broker.countries().stream()
                                .map(country -> "\"" + country + "\"")
                                .collect(Collectors.joining(", ")),
                        broker.id(),
                        broker.id(),
                        broker.id(),
                        broker.endpoint(),
                        // Where the sandbox broker takes them.
                        broker.endpoint().resolve("notices"),
                        broker.id(),
                        broker.priority(),
                        broker.weight(),
                        broker.terms().stream()
                                .map(term -> "    " + term + "\n")
                                .collect(Collectors.joining())))
                .collect(Collectors.joining("", "brokers:\n", ""));
    }

    private static String apiKey(String id, String scopes, String key) {
        return "  - {id: " + id + ", scopes: [" + scopes + "], sha256: \"" + Digests.hex(Digests.sha256(key)) + "\"}\n";
    }

    /** 32 random bytes, in hexadecimal. */
    static String randomKey() {
        byte[] bytes = new byte[32];
        new SecureRandom().nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }
}
