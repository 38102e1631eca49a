package org.brokerhandoff.operations.configuration;

import static org.brokerhandoff.operations.configuration.Service.REGISTER_SERVICE;

import java.time.Duration;

/** Settings of the notices of withdrawals to brokers. */
public final class NoticeSettings {
    public static final Setting<Duration> BACKOFF_INITIAL = Setting.withDefault(
            "HANDOFF_NOTICE_BACKOFF_INITIAL",
            Kind.duration("PT0.1S", "PT1H"),
            "PT10S",
            "Longest wait before the first retry of a notice to a broker; it doubles with each retry",
            REGISTER_SERVICE);

    public static final Setting<Duration> BACKOFF_MAXIMUM = Setting.withDefault(
            "HANDOFF_NOTICE_BACKOFF_MAXIMUM",
            // A notice is a legal obligation: it is repeated at least daily (docs/notices.md).
            Kind.duration("PT0.1S", "P1D"),
            "PT6H",
            "Longest wait before any retry of a notice",
            REGISTER_SERVICE);

    public static final Setting<Duration> ESCALATE_AFTER = Setting.withDefault(
            "HANDOFF_NOTICE_ESCALATE_AFTER",
            Kind.duration("PT1S", "P30D"),
            "PT24H",
            "Time after a withdrawal after which a notice that the broker has not confirmed is escalated",
            REGISTER_SERVICE);

    public static final Setting<Duration> LIMIT = Setting.withDefault(
            "HANDOFF_NOTICE_LIMIT",
            Kind.duration("PT1S", "P365D"),
            "PT720H",
            "Time after a withdrawal after which an unconfirmed notice is given up",
            REGISTER_SERVICE);

    public static final Setting<Duration> SETTLE_AFTER = Setting.withDefault(
            "HANDOFF_NOTICE_SETTLE_AFTER",
            Kind.duration("PT1S", "PT1H"),
            "PT6M",
            "Time after a withdrawal after which no earlier request can still reach a broker; a broker that may have the data is notified then",
            REGISTER_SERVICE);

    private NoticeSettings() {}
}
