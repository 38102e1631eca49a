package org.brokerhandoff.operations.configuration;

import static org.brokerhandoff.operations.configuration.Service.AUDIT;
import static org.brokerhandoff.operations.configuration.Service.ERASURE_AGENT;
import static org.brokerhandoff.operations.configuration.Service.INGEST;
import static org.brokerhandoff.operations.configuration.Service.LEDGER;
import static org.brokerhandoff.operations.configuration.Service.PREFLIGHT;
import static org.brokerhandoff.operations.configuration.Service.REGISTER;
import static org.brokerhandoff.operations.configuration.Service.REGISTER_SERVICE;
import static org.brokerhandoff.operations.configuration.Service.ROUTER;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * The catalogue: the settings of ingest and the shared ones, and the list of all settings, in documentation order.
 */
public final class Settings {

    static final String TOPIC_CHARACTERS = "letters, digits, '.', '_' and '-'";

    public static final Setting<String> KAFKA_BOOTSTRAP_SERVERS = Setting.required(
            "HANDOFF_KAFKA_BOOTSTRAP_SERVERS",
            Kind.text("host:port, several separated by commas", "[^\\s,:/]+:\\d{1,5}(,[^\\s,:/]+:\\d{1,5})*"),
            "Kafka brokers to connect to first",
            INGEST,
            ROUTER,
            REGISTER,
            REGISTER_SERVICE,
            AUDIT,
            ERASURE_AGENT,
            LEDGER);

    public static final Setting<Path> KAFKA_CONFIG_FILE = Setting.optional(
            "HANDOFF_KAFKA_CONFIG_FILE",
            Kind.path(),
            "Properties file with Kafka client settings, such as those for TLS and SASL",
            INGEST,
            ROUTER,
            REGISTER,
            REGISTER_SERVICE,
            AUDIT,
            ERASURE_AGENT,
            LEDGER);

    public static final Setting<String> TOPIC_PREFIX = Setting.withDefault(
            "HANDOFF_TOPIC_PREFIX",
            Kind.text("at most 100 " + TOPIC_CHARACTERS, "[A-Za-z0-9._-]{0,100}"),
            "",
            "Prefix of every topic name, so that several installations can share a cluster",
            INGEST,
            ROUTER,
            REGISTER,
            REGISTER_SERVICE,
            AUDIT,
            ERASURE_AGENT,
            LEDGER);

    /** This form fits no address, no telephone number and no name with a blank: it is part of every record. */
    public static final String INSTALLATION_FORM = "(?!.*[0-9]{5})(?=.{1,63}$)[a-z][a-z0-9]*([.-][a-z0-9]+)*";

    public static final Setting<String> INSTALLATION = Setting.withDefault(
            "HANDOFF_INSTALLATION",
            Kind.text(
                    "1 to 63 lower-case letters, digits, '.' and '-', beginning with a letter, without five digits in a row",
                    INSTALLATION_FORM),
            "handoff",
            "Name of this installation in the source of every event; the same for all its services and auditors; must say nothing about a person. Cannot change later",
            INGEST,
            ROUTER,
            REGISTER,
            REGISTER_SERVICE,
            AUDIT,
            ERASURE_AGENT,
            LEDGER);

    public static final Setting<Integer> PARTITIONS = Setting.withDefault(
            "HANDOFF_PARTITIONS",
            Kind.integer(1, 10_000),
            "6",
            "Partitions of each topic when it is created; cannot change later",
            INGEST,
            ROUTER,
            REGISTER,
            REGISTER_SERVICE);

    public static final Setting<Integer> REPLICATION_FACTOR = Setting.withDefault(
            "HANDOFF_REPLICATION_FACTOR",
            // With two, a write would either be acknowledged by one disk or refused whenever one broker is down.
            Kind.integerBut(
                    1, Short.MAX_VALUE, 2, "which keeps neither a second copy nor the service when a broker is down"),
            "1",
            "Replicas of each partition when a topic is created; 1 is for development: an acknowledged record is then on one disk only",
            INGEST,
            ROUTER,
            REGISTER,
            REGISTER_SERVICE);

    // Marked secret because a JDBC URL can contain a password.
    public static final Setting<String> REGISTER_URL = Setting.withDefault(
                    "HANDOFF_REGISTER_URL",
                    Kind.text("a jdbc:sqlite: or jdbc:postgresql: URL", "jdbc:(sqlite:\\S(.*\\S)?|postgresql:\\S+)"),
                    "jdbc:sqlite:var/register.db",
                    "Database of the register",
                    INGEST,
                    REGISTER,
                    REGISTER_SERVICE)
            .secret();

    public static final Setting<String> REGISTER_USER = Setting.optional(
            "HANDOFF_REGISTER_USER",
            Kind.text("not blank", ".*\\S.*"),
            "User of that database",
            INGEST,
            REGISTER,
            REGISTER_SERVICE);

    public static final Setting<Path> REGISTER_PASSWORD_FILE = Setting.optional(
            "HANDOFF_REGISTER_PASSWORD_FILE",
            Kind.path(),
            "File whose first line is that user's password",
            INGEST,
            REGISTER,
            REGISTER_SERVICE);

    public static final Setting<String> HTTP_HOST = Setting.withDefault(
            "HANDOFF_HTTP_HOST",
            Kind.text("a host name or an IP address", "[^\\s/]+"),
            "127.0.0.1",
            "Address on which the service listens",
            INGEST);

    public static final Setting<String> OPERATIONS_HOST = Setting.withDefault(
            "HANDOFF_OPERATIONS_HOST",
            Kind.text("a host name or an IP address", "[^\\s/]+"),
            "127.0.0.1",
            "Address for health and metrics, which need no key there: choose one that outsiders cannot reach",
            INGEST,
            ROUTER,
            REGISTER_SERVICE,
            LEDGER);

    public static final Setting<Integer> OPERATIONS_PORT = Setting.withDefault(
            "HANDOFF_OPERATIONS_PORT",
            Kind.integer(0, 65535),
            "8082",
            "Port of the ingest service's health and metrics; 0 for any",
            INGEST);

    public static final Setting<Integer> HTTP_PORT = Setting.withDefault(
            "HANDOFF_HTTP_PORT", Kind.integer(0, 65535), "8080", "Port of the ingest service; 0 for any", INGEST);

    public static final Setting<Integer> HTTP_MAX_CONNECTIONS = Setting.withDefault(
            "HANDOFF_HTTP_MAX_CONNECTIONS",
            Kind.integer(1, 65535),
            "1024",
            "Concurrent client connections; fewer if the process lacks file descriptors",
            INGEST);

    public static final Setting<Integer> HTTP_MAX_CONNECTIONS_PER_ADDRESS = Setting.withDefault(
            "HANDOFF_HTTP_MAX_CONNECTIONS_PER_ADDRESS",
            Kind.integer(1, 65535),
            "512",
            "Concurrent connections from one address; behind a proxy all come from the proxy's",
            INGEST);

    public static final Setting<Integer> ROUTER_HTTP_PORT = Setting.withDefault(
            "HANDOFF_ROUTER_HTTP_PORT",
            Kind.integer(0, 65535),
            "8081",
            "Port of the router's health and metrics; 0 for any",
            ROUTER);

    public static final Setting<Integer> REGISTER_HTTP_PORT = Setting.withDefault(
            "HANDOFF_REGISTER_HTTP_PORT",
            Kind.integer(0, 65535),
            "8084",
            "Port of the register service's health and metrics; 0 for any",
            REGISTER_SERVICE);

    public static final Setting<Path> API_KEYS_FILE = Setting.required(
            "HANDOFF_API_KEYS_FILE", Kind.path(), "YAML file with the digests of the API keys", INGEST);

    public static final Setting<Duration> MAX_HOLD = Setting.withDefault(
            "HANDOFF_MAX_HOLD",
            Kind.duration("PT10S", "P7D"),
            "PT24H",
            "Longest time from acceptance to erasure of a signup, delivered or not",
            INGEST,
            ROUTER,
            REGISTER,
            REGISTER_SERVICE);

    public static final Setting<List<String>> CONTACT_RECIPIENTS = Setting.withDefault(
            "HANDOFF_CONTACT_RECIPIENTS",
            Kind.texts("ids of the broker directory, several separated by commas", "[a-z0-9-]{1,64}"),
            "helpdesk",
            "Entries of kind helpdesk that may get contact messages",
            INGEST);

    public static final Setting<Duration> CONTACT_MAX_HOLD = Setting.optional(
            "HANDOFF_CONTACT_MAX_HOLD",
            Kind.duration("PT10S", "P7D"),
            "Longest time from acceptance to erasure of a contact message; at most, and by default,"
                    + " HANDOFF_MAX_HOLD",
            INGEST);

    public static final Setting<Path> IDEMPOTENCY_FILE = Setting.withDefault(
            "HANDOFF_IDEMPOTENCY_FILE",
            Kind.path(),
            "var/idempotency.db",
            "Digests of recent idempotency keys; with keys in cells, their database has those",
            INGEST);

    public static final Setting<String> LOG_LEVEL = Setting.withDefault(
            "HANDOFF_LOG_LEVEL",
            Kind.oneOf("ERROR", "WARN", "INFO", "DEBUG", "TRACE"),
            "INFO",
            "Log level of the services' own code, on standard output; libraries log warnings and errors",
            INGEST,
            ROUTER,
            REGISTER,
            REGISTER_SERVICE,
            AUDIT,
            PREFLIGHT,
            ERASURE_AGENT,
            LEDGER);

    public static final Setting<String> LOG_FORMAT = Setting.withDefault(
            "HANDOFF_LOG_FORMAT",
            Kind.oneOf("text", "json"),
            "text",
            "One line of text or one JSON object per event",
            INGEST,
            ROUTER,
            REGISTER,
            REGISTER_SERVICE,
            AUDIT,
            PREFLIGHT,
            ERASURE_AGENT,
            LEDGER);

    public static final Setting<URI> TRACING_ENDPOINT = Setting.optional(
            "HANDOFF_TRACING_ENDPOINT",
            Kind.origin(),
            "Collector of spans by OTLP over HTTP, such as http://localhost:4318; without it, nothing is traced",
            INGEST,
            ROUTER);

    /** All of them. */
    public static final List<Setting<?>> ALL = List.of(
            KAFKA_BOOTSTRAP_SERVERS,
            KAFKA_CONFIG_FILE,
            TOPIC_PREFIX,
            INSTALLATION,
            PARTITIONS,
            REPLICATION_FACTOR,
            KeySettings.CUSTODY,
            KeySettings.CUSTODY_FILE,
            KeySettings.INITIAL_SLOTS,
            KeySettings.MAXIMUM_SLOTS,
            KeySettings.KEYSET_FILE,
            KeySettings.EPOCH_INTERVAL,
            REGISTER_URL,
            REGISTER_USER,
            REGISTER_PASSWORD_FILE,
            HTTP_HOST,
            HTTP_PORT,
            OPERATIONS_HOST,
            OPERATIONS_PORT,
            HTTP_MAX_CONNECTIONS,
            HTTP_MAX_CONNECTIONS_PER_ADDRESS,
            ROUTER_HTTP_PORT,
            REGISTER_HTTP_PORT,
            API_KEYS_FILE,
            HandoffSettings.BROKERS_FILE,
            HandoffSettings.BROKERS_PERIOD,
            HandoffSettings.COUNTRIES_FILE,
            MAX_HOLD,
            CONTACT_RECIPIENTS,
            CONTACT_MAX_HOLD,
            IDEMPOTENCY_FILE,
            ReceiptSettings.OPERATOR_FILE,
            ReceiptSettings.KEY_FILES,
            HandoffSettings.GROUP,
            HandoffSettings.MAX_IN_FLIGHT,
            HandoffSettings.ERASURE_WAIT,
            HandoffSettings.ATTEMPT_TIMEOUT,
            HandoffSettings.BACKOFF_INITIAL,
            HandoffSettings.BACKOFF_MAXIMUM,
            ErasureSettings.KAFKA_LOG_DIRS,
            ErasureSettings.LOOK_PERIOD,
            ErasureSettings.HEARTBEAT,
            HandoffSettings.QUICK_ATTEMPTS,
            HandoffSettings.PARKING_INTERVAL,
            HandoffSettings.NON_RECEIPT_AFTER,
            HandoffSettings.SUSPENSION,
            HandoffSettings.UNAUTHORIZED_LIMIT,
            HandoffSettings.PROXY,
            NoticeSettings.BACKOFF_INITIAL,
            NoticeSettings.BACKOFF_MAXIMUM,
            NoticeSettings.ESCALATE_AFTER,
            NoticeSettings.LIMIT,
            NoticeSettings.SETTLE_AFTER,
            FeedSettings.FEEDS_FILE,
            LOG_LEVEL,
            LOG_FORMAT,
            TRACING_ENDPOINT,
            LedgerSettings.ORIGIN,
            LedgerSettings.PROMISE,
            LedgerSettings.KEY_FILES,
            LedgerSettings.DIRECTORY,
            LedgerSettings.INTERVAL,
            LedgerSettings.SETTLE,
            LedgerSettings.POLICY_FILE,
            LedgerSettings.COPIES,
            LedgerSettings.HTTP_PORT,
            LedgerSettings.URL);

    private Settings() {}
}
