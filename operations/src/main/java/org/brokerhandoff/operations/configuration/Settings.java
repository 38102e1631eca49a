package org.brokerhandoff.operations.configuration;

import static org.brokerhandoff.operations.configuration.Service.AUDIT;
import static org.brokerhandoff.operations.configuration.Service.ERASURE_AGENT;
import static org.brokerhandoff.operations.configuration.Service.INGEST;
import static org.brokerhandoff.operations.configuration.Service.PREFLIGHT;
import static org.brokerhandoff.operations.configuration.Service.REGISTER;
import static org.brokerhandoff.operations.configuration.Service.ROUTER;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** The catalogue: every setting of every service, in the order in which the documentation lists them. */
public final class Settings {

    private static final String TOPIC_CHARACTERS = "letters, digits, '.', '_' and '-'";

    public static final Setting<String> KAFKA_BOOTSTRAP_SERVERS = Setting.required(
            "HANDOFF_KAFKA_BOOTSTRAP_SERVERS",
            Kind.text("host:port, several separated by commas", "[^\\s,:/]+:\\d{1,5}(,[^\\s,:/]+:\\d{1,5})*"),
            "Kafka brokers to connect to first",
            INGEST,
            ROUTER,
            REGISTER,
            AUDIT,
            ERASURE_AGENT);

    public static final Setting<Path> KAFKA_CONFIG_FILE = Setting.optional(
            "HANDOFF_KAFKA_CONFIG_FILE",
            Kind.path(),
            "Properties file with Kafka client settings, such as those for TLS and SASL",
            INGEST,
            ROUTER,
            REGISTER,
            AUDIT,
            ERASURE_AGENT);

    public static final Setting<String> TOPIC_PREFIX = Setting.withDefault(
            "HANDOFF_TOPIC_PREFIX",
            Kind.text("at most 100 " + TOPIC_CHARACTERS, "[A-Za-z0-9._-]{0,100}"),
            "",
            "Put before the name of every topic, so that several installations can share a cluster",
            INGEST,
            ROUTER,
            REGISTER,
            AUDIT,
            ERASURE_AGENT);

    public static final Setting<Integer> PARTITIONS = Setting.withDefault(
            "HANDOFF_PARTITIONS",
            Kind.integer(1, 10_000),
            "6",
            "Partitions of each topic when it is created; cannot change later",
            INGEST,
            ROUTER,
            REGISTER);

    public static final Setting<Integer> REPLICATION_FACTOR = Setting.withDefault(
            "HANDOFF_REPLICATION_FACTOR",
            // With two, a write would either be acknowledged by one disk or refused whenever one broker is away.
            Kind.integerBut(1, Short.MAX_VALUE, 2, "which keeps neither a copy nor the service when a broker is away"),
            "1",
            "Replicas of each partition when a topic is created; 1 is for development: an acknowledgement is one disk's then",
            INGEST,
            ROUTER,
            REGISTER);

    public static final Setting<Path> CUSTODY_FILE = Setting.withDefault(
            "HANDOFF_CUSTODY_FILE",
            Kind.path(),
            "var/custody.slots",
            "Slot file with the data keys; ingest and router share it, so both run on one host",
            INGEST,
            ROUTER,
            PREFLIGHT);

    public static final Setting<Integer> CUSTODY_INITIAL_SLOTS = Setting.withDefault(
            "HANDOFF_CUSTODY_INITIAL_SLOTS",
            Kind.integer(16, 1 << 26),
            "65536",
            "Slots of 128 bytes that a new slot file has",
            INGEST,
            ROUTER);

    public static final Setting<Integer> CUSTODY_MAXIMUM_SLOTS = Setting.withDefault(
            "HANDOFF_CUSTODY_MAXIMUM_SLOTS",
            Kind.integer(16, 1 << 26),
            "4194304",
            "Slots up to which the file grows; with all of them in use, new signups are refused",
            INGEST,
            ROUTER);

    public static final Setting<Path> KEYSET_FILE = Setting.withDefault(
            "HANDOFF_KEYSET_FILE",
            Kind.path(),
            "var/custody.keyset",
            "Epoch keys under which the data keys are wrapped",
            INGEST,
            ROUTER,
            PREFLIGHT);

    public static final Setting<Duration> EPOCH_INTERVAL = Setting.withDefault(
            "HANDOFF_EPOCH_INTERVAL",
            Kind.duration("PT1S", "P7D"),
            "PT1H",
            "Age at which an epoch key is replaced, every live data key wrapped anew, and the old epoch key destroyed",
            INGEST,
            ROUTER);

    // Marked secret because a JDBC URL can carry a password.
    public static final Setting<String> REGISTER_URL = Setting.withDefault(
                    "HANDOFF_REGISTER_URL",
                    Kind.text("a jdbc:sqlite: or jdbc:postgresql: URL", "jdbc:(sqlite:\\S(.*\\S)?|postgresql:\\S+)"),
                    "jdbc:sqlite:var/register.db",
                    "Database of the register",
                    INGEST,
                    ROUTER,
                    REGISTER)
            .secret();

    public static final Setting<String> REGISTER_USER = Setting.optional(
            "HANDOFF_REGISTER_USER",
            Kind.text("not blank", ".*\\S.*"),
            "User of that database",
            INGEST,
            ROUTER,
            REGISTER);

    public static final Setting<Path> REGISTER_PASSWORD_FILE = Setting.optional(
            "HANDOFF_REGISTER_PASSWORD_FILE",
            Kind.path(),
            "File whose first line is that user's password",
            INGEST,
            ROUTER,
            REGISTER);

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
            "Address for health and metrics, which need no key there: only an address that no stranger reaches",
            INGEST,
            ROUTER);

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
            "Connections of clients at the same time; fewer if the process has not enough file descriptors",
            INGEST);

    public static final Setting<Integer> HTTP_MAX_CONNECTIONS_PER_ADDRESS = Setting.withDefault(
            "HANDOFF_HTTP_MAX_CONNECTIONS_PER_ADDRESS",
            Kind.integer(1, 65535),
            "512",
            "Those of them from one address; behind a proxy all come from the proxy's",
            INGEST);

    public static final Setting<Integer> ROUTER_HTTP_PORT = Setting.withDefault(
            "HANDOFF_ROUTER_HTTP_PORT",
            Kind.integer(0, 65535),
            "8081",
            "Port of the router's health and metrics; 0 for any",
            ROUTER);

    public static final Setting<Path> API_KEYS_FILE = Setting.required(
            "HANDOFF_API_KEYS_FILE", Kind.path(), "YAML file with the digests of the API keys", INGEST);

    public static final Setting<Path> BROKERS_FILE =
            Setting.required("HANDOFF_BROKERS_FILE", Kind.path(), "YAML file with the broker directory", ROUTER);

    public static final Setting<Duration> BROKERS_PERIOD = Setting.withDefault(
            "HANDOFF_BROKERS_PERIOD",
            Kind.duration("PT0.1S", "PT1H"),
            "PT5S",
            "How often the broker directory, and the files it names, are read again",
            ROUTER);

    public static final Setting<Duration> MAX_HOLD = Setting.withDefault(
            "HANDOFF_MAX_HOLD",
            Kind.duration("PT10S", "P7D"),
            "PT24H",
            "Time from acceptance to erasure that no signup exceeds, delivered or not",
            INGEST,
            ROUTER,
            REGISTER);

    public static final Setting<List<String>> CONTACT_RECIPIENTS = Setting.withDefault(
            "HANDOFF_CONTACT_RECIPIENTS",
            Kind.texts("ids of the broker directory, several separated by commas", "[a-z0-9-]{1,64}"),
            "helpdesk",
            "Entries of kind helpdesk that may get contact messages",
            INGEST);

    public static final Setting<Duration> CONTACT_MAX_HOLD = Setting.optional(
            "HANDOFF_CONTACT_MAX_HOLD",
            Kind.duration("PT10S", "P7D"),
            "Time from acceptance to erasure that no contact message exceeds; at most, and without it,"
                    + " HANDOFF_MAX_HOLD",
            INGEST);

    public static final Setting<Path> IDEMPOTENCY_FILE = Setting.withDefault(
            "HANDOFF_IDEMPOTENCY_FILE",
            Kind.path(),
            "var/idempotency.db",
            "Digests of recent idempotency keys",
            INGEST);

    public static final Setting<String> ROUTER_GROUP = Setting.withDefault(
            "HANDOFF_ROUTER_GROUP",
            Kind.text("1 to 100 " + TOPIC_CHARACTERS, "[A-Za-z0-9._-]{1,100}"),
            "handoff-router",
            "Consumer group of the router",
            ROUTER);

    public static final Setting<Integer> ROUTER_MAX_IN_FLIGHT = Setting.withDefault(
            "HANDOFF_ROUTER_MAX_IN_FLIGHT",
            Kind.integer(1, 65536),
            "512",
            "Signups that the router works on at the same time",
            ROUTER);

    public static final Setting<Duration> ROUTER_ERASURE_WAIT = Setting.withDefault(
            "HANDOFF_ROUTER_ERASURE_WAIT",
            Kind.duration("PT0S", "PT1H"),
            "PT2M",
            "Longest time for which a purge that no broker serves waits for the brokers' files, where agents report on them",
            ROUTER);

    public static final Setting<Duration> DELIVERY_ATTEMPT_TIMEOUT = Setting.withDefault(
            "HANDOFF_DELIVERY_ATTEMPT_TIMEOUT",
            Kind.duration("PT0.1S", "PT5M"),
            "PT10S",
            "Time that a broker has to answer one attempt",
            ROUTER);

    public static final Setting<Duration> DELIVERY_BACKOFF_INITIAL = Setting.withDefault(
            "HANDOFF_DELIVERY_BACKOFF_INITIAL",
            Kind.duration("PT0.01S", "PT1H"),
            "PT0.2S",
            "Longest wait before the second attempt; it doubles with each attempt",
            ROUTER);

    public static final Setting<Duration> DELIVERY_BACKOFF_MAXIMUM = Setting.withDefault(
            "HANDOFF_DELIVERY_BACKOFF_MAXIMUM",
            Kind.duration("PT0.01S", "P1D"),
            "PT1M",
            "Longest wait before any attempt",
            ROUTER);

    public static final Setting<List<Path>> KAFKA_LOG_DIRS = Setting.required(
            "HANDOFF_KAFKA_LOG_DIRS",
            Kind.paths(),
            "All log directories (log.dirs) of the Kafka broker that the agent runs beside",
            ERASURE_AGENT);

    public static final Setting<Duration> ERASURE_LOOK_PERIOD = Setting.withDefault(
            "HANDOFF_ERASURE_LOOK_PERIOD",
            Kind.duration("PT0.1S", "PT1M"),
            "PT0.5S",
            "Time between two looks at the names and sizes of the broker's files",
            ERASURE_AGENT);

    // The router takes an agent that was silent for two minutes for dead: docs/purge.md.
    public static final Setting<Duration> ERASURE_HEARTBEAT = Setting.withDefault(
            "HANDOFF_ERASURE_HEARTBEAT",
            Kind.duration("PT1S", "PT1M"),
            "PT30S",
            "Longest silence of an agent that has nothing new to report",
            ERASURE_AGENT);
    public static final Setting<Integer> DELIVERY_QUICK_ATTEMPTS = Setting.withDefault(
            "HANDOFF_DELIVERY_QUICK_ATTEMPTS",
            Kind.integer(1, 20),
            "3",
            "Attempts before a signup is parked, so that it does not hold up the purges behind it",
            ROUTER);

    public static final Setting<Duration> PARKING_INTERVAL = Setting.optional(
            "HANDOFF_PARKING_INTERVAL",
            Kind.duration("PT0.1S", "PT2M30S"),
            "Time that a signup stays parked before its broker is tried again; at most a sixteenth of HANDOFF_MAX_HOLD;"
                    + " without it a minute, or that sixteenth if it is shorter",
            ROUTER);

    public static final Setting<Duration> DELIVERY_NON_RECEIPT_AFTER = Setting.withDefault(
            "HANDOFF_DELIVERY_NON_RECEIPT_AFTER",
            Kind.duration("PT5M", "P1D"),
            "PT6M",
            "Time after the last attempt from which a broker's word that it does not know a signup is final: longer than"
                    + " the 5 minutes for which receivers take a signed request",
            ROUTER);

    public static final Setting<Duration> DELIVERY_SUSPENSION = Setting.withDefault(
            "HANDOFF_DELIVERY_SUSPENSION",
            Kind.duration("PT1S", "P1D"),
            "PT15M",
            "Time for which a broker gets nothing that answered 410, or repeatedly 401 or 403; then one attempt finds out",
            ROUTER);

    public static final Setting<Integer> DELIVERY_UNAUTHORIZED_LIMIT = Setting.withDefault(
            "HANDOFF_DELIVERY_UNAUTHORIZED_LIMIT",
            Kind.integer(1, 1_000),
            "3",
            "Answers of 401 or 403 in a row for which a broker is suspended",
            ROUTER);

    // Marked secret because it can carry a password.
    public static final Setting<String> DELIVERY_PROXY = Setting.optional(
                    "HANDOFF_DELIVERY_PROXY",
                    Kind.text(
                            "http://host:port or socks5://host:port, with user:password@ before the host if needed",
                            "(http|socks5)://([^\\s/@]+@)?[^\\s/:@]+:\\d{1,5}"),
                    "Proxy for all brokers that are not local; it looks up their names",
                    ROUTER)
            .secret();

    public static final Setting<String> LOG_LEVEL = Setting.withDefault(
            "HANDOFF_LOG_LEVEL",
            Kind.oneOf("ERROR", "WARN", "INFO", "DEBUG", "TRACE"),
            "INFO",
            "What the services' own code logs to standard output; libraries log warnings and errors",
            INGEST,
            ROUTER,
            REGISTER,
            AUDIT,
            PREFLIGHT,
            ERASURE_AGENT);

    public static final Setting<String> LOG_FORMAT = Setting.withDefault(
            "HANDOFF_LOG_FORMAT",
            Kind.oneOf("text", "json"),
            "text",
            "One line of text or one JSON object per event",
            INGEST,
            ROUTER,
            REGISTER,
            AUDIT,
            PREFLIGHT,
            ERASURE_AGENT);

    public static final Setting<Duration> NOTICE_BACKOFF_INITIAL = Setting.withDefault(
            "HANDOFF_NOTICE_BACKOFF_INITIAL",
            Kind.duration("PT0.1S", "PT1H"),
            "PT10S",
            "Longest wait before a notice to a broker is sent a second time; it doubles with each sending",
            ROUTER);

    public static final Setting<Duration> NOTICE_BACKOFF_MAXIMUM = Setting.withDefault(
            "HANDOFF_NOTICE_BACKOFF_MAXIMUM",
            // A notice is owed by law: it is repeated each day at least (docs/notices.md).
            Kind.duration("PT0.1S", "P1D"),
            "PT6H",
            "Longest wait before a notice is sent again",
            ROUTER);

    public static final Setting<Duration> NOTICE_ESCALATE_AFTER = Setting.withDefault(
            "HANDOFF_NOTICE_ESCALATE_AFTER",
            Kind.duration("PT1S", "P30D"),
            "PT24H",
            "Time after a withdrawal in which the broker has to confirm the notice before it is escalated",
            ROUTER);

    public static final Setting<Duration> NOTICE_LIMIT = Setting.withDefault(
            "HANDOFF_NOTICE_LIMIT",
            Kind.duration("PT1S", "P365D"),
            "PT720H",
            "Time after a withdrawal at which a notice that is not confirmed is given up",
            ROUTER);

    public static final Setting<Duration> NOTICE_SETTLE_AFTER = Setting.withDefault(
            "HANDOFF_NOTICE_SETTLE_AFTER",
            Kind.duration("PT1S", "PT1H"),
            "PT6M",
            "Time after a withdrawal at which nothing sent before can reach a broker any more; one that may have the data is told then",
            ROUTER);

    /** All of them. */
    public static final List<Setting<?>> ALL = List.of(
            KAFKA_BOOTSTRAP_SERVERS,
            KAFKA_CONFIG_FILE,
            TOPIC_PREFIX,
            PARTITIONS,
            REPLICATION_FACTOR,
            CUSTODY_FILE,
            CUSTODY_INITIAL_SLOTS,
            CUSTODY_MAXIMUM_SLOTS,
            KEYSET_FILE,
            EPOCH_INTERVAL,
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
            API_KEYS_FILE,
            BROKERS_FILE,
            BROKERS_PERIOD,
            MAX_HOLD,
            CONTACT_RECIPIENTS,
            CONTACT_MAX_HOLD,
            IDEMPOTENCY_FILE,
            ROUTER_GROUP,
            ROUTER_MAX_IN_FLIGHT,
            ROUTER_ERASURE_WAIT,
            DELIVERY_ATTEMPT_TIMEOUT,
            DELIVERY_BACKOFF_INITIAL,
            DELIVERY_BACKOFF_MAXIMUM,
            KAFKA_LOG_DIRS,
            ERASURE_LOOK_PERIOD,
            ERASURE_HEARTBEAT,
            DELIVERY_QUICK_ATTEMPTS,
            PARKING_INTERVAL,
            DELIVERY_NON_RECEIPT_AFTER,
            DELIVERY_SUSPENSION,
            DELIVERY_UNAUTHORIZED_LIMIT,
            DELIVERY_PROXY,
            NOTICE_BACKOFF_INITIAL,
            NOTICE_BACKOFF_MAXIMUM,
            NOTICE_ESCALATE_AFTER,
            NOTICE_LIMIT,
            NOTICE_SETTLE_AFTER,
            LOG_LEVEL,
            LOG_FORMAT);

    private static final Duration LONGEST_PARKING_INTERVAL = Duration.ofSeconds(150);

    private Settings() {}

    /**
     * The longest {@link #PARKING_INTERVAL} under a {@link #MAX_HOLD}: what is parked must come round once more after its key has
     * expired, and its purge be verified, before the purge is due. That is a quarter of the time between the two, which is a quarter
     * of the hold and ten minutes at most.
     */
    public static Duration longestParkingInterval(Duration maximumHold) {
        Duration sixteenth = maximumHold.dividedBy(16);
        return sixteenth.compareTo(LONGEST_PARKING_INTERVAL) < 0 ? sixteenth : LONGEST_PARKING_INTERVAL;
    }
}
