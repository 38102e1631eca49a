package org.brokerhandoff.operations.configuration;

import static org.brokerhandoff.operations.configuration.Service.REGISTER_SERVICE;

import java.time.Duration;

/** The part of the catalogue that concerns the notices of withdrawals that brokers get. */
public final class NoticeSettings {
    public static final Setting<Duration> BACKOFF_INITIAL = Setting.withDefault(
            "HANDOFF_NOTICE_BACKOFF_INITIAL",
            Kind.duration("PT0.1S", "PT1H"),
            "PT10S",
            "Longest wait before a notice to a broker is sent a second time; it doubles with each sending",
            REGISTER_SERVICE);

    public static final Setting<Duration> BACKOFF_MAXIMUM = Setting.withDefault(
            "HANDOFF_NOTICE_BACKOFF_MAXIMUM",
            // A notice is owed by law: it is repeated each day at least (docs/notices.md).
            Kind.duration("PT0.1S", "P1D"),
            "PT6H",
            "Longest wait before a notice is sent again",
            REGISTER_SERVICE);

    public static final Setting<Duration> ESCALATE_AFTER = Setting.withDefault(
            "HANDOFF_NOTICE_ESCALATE_AFTER",
            Kind.duration("PT1S", "P30D"),
            "PT24H",
            "Time after a withdrawal in which the broker has to confirm the notice before it is escalated",
            REGISTER_SERVICE);

    public static final Setting<Duration> LIMIT = Setting.withDefault(
            "HANDOFF_NOTICE_LIMIT",
            Kind.duration("PT1S", "P365D"),
            "PT720H",
            "Time after a withdrawal at which a notice that is not confirmed is given up",
            REGISTER_SERVICE);

    public static final Setting<Duration> SETTLE_AFTER = Setting.withDefault(
            "HANDOFF_NOTICE_SETTLE_AFTER",
            Kind.duration("PT1S", "PT1H"),
            "PT6M",
            "Time after a withdrawal at which nothing sent before can reach a broker any more; one that may have the data is told then",
            REGISTER_SERVICE);

    private NoticeSettings() {}
}
