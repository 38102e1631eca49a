package org.brokerhandoff.audit.live;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.brokerhandoff.event.PublishedBroker;
import org.brokerhandoff.event.RecipientKind;
import org.brokerhandoff.pages.Mood;

/** What has to be in order before a recipient gets registrations, as far as the log shows it. */
final class GoLive {
    private static final int SOON_DAYS = 60;
    private static final Duration STALE = Duration.ofDays(30);

    private GoLive() {}

    /** One check. */
    record Check(Mood mood, String word, String detail) {}

    /** Contract, signature, notices, ping, hours and agreement, in this order. */
    static List<Check> of(BrokerState broker, Instant now) {
        return List.of(
                contract(broker, now),
                signature(broker),
                notices(broker),
                ping(broker.published()),
                hours(broker.published()),
                agreement(broker.published(), now));
    }

    private static Check contract(BrokerState broker, Instant now) {
        if (broker.lastAcceptedAt().isEmpty()) {
            return new Check(Mood.WATCH, "not shown", "nothing accepted yet: sandbox-broker check");
        }
        Instant last = broker.lastAcceptedAt().get();
        return new Check(
                last.plus(STALE).isBefore(now) ? Mood.WATCH : Mood.GOOD,
                LivePages.number(broker.accepted()) + " accepted",
                "last at " + LivePages.time(last));
    }

    private static Check signature(BrokerState broker) {
        if (broker.suspendedUntil().isPresent()) {
            return new Check(
                    Mood.BAD,
                    "suspended",
                    "until " + LivePages.time(broker.suspendedUntil().get()));
        }
        return broker.lastAcceptedAt().isPresent()
                ? new Check(Mood.GOOD, "accepted", "with its last handoff")
                : new Check(Mood.PLAIN, "not seen", "");
    }

    private static Check notices(BrokerState broker) {
        String endpoint = broker.published().getNoticesEndpoint();
        if (endpoint == null) {
            return broker.published().getKind() == RecipientKind.HELPDESK
                    ? new Check(Mood.PLAIN, "none", "not needed")
                    : new Check(Mood.BAD, "no endpoint", "withdrawals are escalated");
        }
        return broker.lastNoticeConfirmedAt()
                .map(at -> new Check(Mood.GOOD, "confirmed", "last at " + LivePages.time(at)))
                .orElseGet(() -> new Check(Mood.WATCH, "not tried", "none confirmed yet"));
    }

    private static Check ping(PublishedBroker broker) {
        return broker.getPing() ? new Check(Mood.GOOD, "asked first", "") : new Check(Mood.PLAIN, "not asked", "");
    }

    private static Check hours(PublishedBroker broker) {
        return broker.getHours() == null
                ? new Check(Mood.PLAIN, "always", "")
                : new Check(
                        Mood.GOOD,
                        "set",
                        String.join("; ", broker.getHours().getOpen()) + " "
                                + broker.getHours().getZone());
    }

    private static Check agreement(PublishedBroker broker, Instant now) {
        LocalDate until = broker.getAgreementValidUntil();
        String title = Optional.ofNullable(broker.getAgreementTitle()).orElse("");
        if (until == null) {
            return new Check(Mood.WATCH, "no end", title);
        }
        LocalDate today = LocalDate.ofInstant(now, ZoneOffset.UTC);
        if (until.isBefore(today)) {
            return new Check(Mood.BAD, "ended " + until, title);
        }
        return new Check(until.isBefore(today.plusDays(SOON_DAYS)) ? Mood.WATCH : Mood.GOOD, "until " + until, title);
    }
}
