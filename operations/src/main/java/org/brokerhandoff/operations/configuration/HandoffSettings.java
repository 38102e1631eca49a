package org.brokerhandoff.operations.configuration;

import static org.brokerhandoff.operations.configuration.Service.INGEST;
import static org.brokerhandoff.operations.configuration.Service.REGISTER_SERVICE;
import static org.brokerhandoff.operations.configuration.Service.ROUTER;

import java.nio.file.Path;
import java.time.Duration;

/** Settings of the handoff to brokers, and of the connections to them. */
public final class HandoffSettings {
    private static final Duration LONGEST_PARKING_INTERVAL = Duration.ofSeconds(150);

    public static final Setting<Path> BROKERS_FILE = Setting.required(
            "HANDOFF_BROKERS_FILE", Kind.path(), "YAML file with the broker directory", ROUTER, REGISTER_SERVICE);

    public static final Setting<Duration> BROKERS_PERIOD = Setting.withDefault(
            "HANDOFF_BROKERS_PERIOD",
            Kind.duration("PT0.1S", "PT1H"),
            "PT5S",
            "How often the broker directory, and the files it names, are read again",
            ROUTER,
            REGISTER_SERVICE);

    public static final Setting<Path> COUNTRIES_FILE = Setting.optional(
            "HANDOFF_COUNTRIES_FILE",
            Kind.path(),
            "YAML file with the rules per country of residence; without it, the GDPR's terms apply everywhere. The same file for both services",
            INGEST,
            ROUTER);

    public static final Setting<String> GROUP = Setting.withDefault(
            "HANDOFF_ROUTER_GROUP",
            Kind.text("1 to 100 " + Settings.TOPIC_CHARACTERS, "[A-Za-z0-9._-]{1,100}"),
            "handoff-router",
            "Consumer group of the router",
            ROUTER);

    public static final Setting<Integer> MAX_IN_FLIGHT = Setting.withDefault(
            "HANDOFF_ROUTER_MAX_IN_FLIGHT",
            Kind.integer(1, 65536),
            "512",
            "Signups that the router works on at the same time",
            ROUTER);

    public static final Setting<Duration> ERASURE_WAIT = Setting.withDefault(
            "HANDOFF_ROUTER_ERASURE_WAIT",
            Kind.duration("PT0S", "PT1H"),
            "PT2M",
            "Longest time that an UNREACHABLE purge waits for the brokers' files to be clean, where agents report on them",
            ROUTER);

    public static final Setting<Duration> ATTEMPT_TIMEOUT = Setting.withDefault(
            "HANDOFF_DELIVERY_ATTEMPT_TIMEOUT",
            Kind.duration("PT0.1S", "PT5M"),
            "PT10S",
            "Timeout of one attempt at a broker, or of one notice",
            ROUTER,
            REGISTER_SERVICE);

    public static final Setting<Duration> BACKOFF_INITIAL = Setting.withDefault(
            "HANDOFF_DELIVERY_BACKOFF_INITIAL",
            Kind.duration("PT0.01S", "PT1H"),
            "PT0.2S",
            "Longest wait before the second attempt; it doubles with each further one",
            ROUTER);

    public static final Setting<Duration> BACKOFF_MAXIMUM = Setting.withDefault(
            "HANDOFF_DELIVERY_BACKOFF_MAXIMUM",
            Kind.duration("PT0.01S", "P1D"),
            "PT1M",
            "Longest wait before any attempt",
            ROUTER);

    public static final Setting<Integer> QUICK_ATTEMPTS = Setting.withDefault(
            "HANDOFF_DELIVERY_QUICK_ATTEMPTS",
            Kind.integer(1, 20),
            "3",
            "Attempts before a signup is parked, so that it does not hold up the purges behind it",
            ROUTER);

    public static final Setting<Duration> PARKING_INTERVAL = Setting.optional(
            "HANDOFF_PARKING_INTERVAL",
            Kind.duration("PT0.1S", "PT2M30S"),
            "Time that a signup stays parked before its broker is retried; at most a sixteenth of HANDOFF_MAX_HOLD;"
                    + " by default a minute, or that sixteenth if it is shorter",
            ROUTER);

    public static final Setting<Duration> NON_RECEIPT_AFTER = Setting.withDefault(
            "HANDOFF_DELIVERY_NON_RECEIPT_AFTER",
            Kind.duration("PT5M", "P1D"),
            "PT6M",
            "Time after the last attempt from which a broker's answer that it does not know a signup is final: longer than"
                    + " the 5 minutes for which receivers accept a signed request",
            ROUTER);

    public static final Setting<Duration> SUSPENSION = Setting.withDefault(
            "HANDOFF_DELIVERY_SUSPENSION",
            Kind.duration("PT1S", "P1D"),
            "PT15M",
            "Time for which a broker that answered 410, or repeatedly 401 or 403, gets nothing; then it is probed with one attempt",
            ROUTER);

    public static final Setting<Integer> UNAUTHORIZED_LIMIT = Setting.withDefault(
            "HANDOFF_DELIVERY_UNAUTHORIZED_LIMIT",
            Kind.integer(1, 1_000),
            "3",
            "Consecutive answers of 401 or 403 after which a broker is suspended",
            ROUTER);

    // Marked secret because it can contain a password.
    public static final Setting<String> PROXY = Setting.optional(
                    "HANDOFF_DELIVERY_PROXY",
                    Kind.text(
                            "http://host:port or socks5://host:port, with user:password@ before the host if needed",
                            "(http|socks5)://([^\\s/@]+@)?[^\\s/:@]+:\\d{1,5}"),
                    "Proxy for all brokers that are not local; the proxy resolves their names",
                    ROUTER,
                    REGISTER_SERVICE)
            .secret();

    private HandoffSettings() {}

    /**
     * The longest {@link #PARKING_INTERVAL} under a {@link Settings#MAX_HOLD}: a parked record must be processed again after its key has
     * expired, and its purge be verified, before the purge is due. That is a quarter of the time between the two, which is a quarter of the
     * hold and ten minutes at most.
     */
    public static Duration longestParkingInterval(Duration maximumHold) {
        Duration sixteenth = maximumHold.dividedBy(16);
        return sixteenth.compareTo(LONGEST_PARKING_INTERVAL) < 0 ? sixteenth : LONGEST_PARKING_INTERVAL;
    }
}
