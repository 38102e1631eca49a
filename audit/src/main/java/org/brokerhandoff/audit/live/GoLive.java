package org.brokerhandoff.audit.live;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.brokerhandoff.audit.authority.Wording;
import org.brokerhandoff.event.PublishedBroker;
import org.brokerhandoff.event.RecipientKind;
import org.brokerhandoff.pages.Mood;

/** The conditions for a recipient to get registrations, as far as the log shows them. */
final class GoLive {
    private static final int SOON_DAYS = 60;
    private static final Duration STALE = Duration.ofDays(30);

    private final Wording words;

    GoLive(Wording words) {
        this.words = words;
    }

    /** One check. */
    record Check(Mood mood, String word, String detail) {}

    /** Contract, signature, notices, ping, hours and agreement, in this order. */
    List<Check> of(BrokerState broker, Instant now) {
        return List.of(
                contract(broker, now),
                signature(broker),
                notices(broker),
                ping(broker.published()),
                hours(broker.published()),
                agreement(broker.published(), now));
    }

    private Check check(Mood mood, String word, String detail) {
        return new Check(mood, words.of("live.check." + word), detail);
    }

    private String at(Instant last) {
        return words.of("live.check.last", words.time(last));
    }

    private Check contract(BrokerState broker, Instant now) {
        if (broker.lastAcceptedAt().isEmpty()) {
            return check(Mood.WATCH, "contract.not-shown", words.of("live.check.contract.todo"));
        }
        Instant last = broker.lastAcceptedAt().get();
        return new Check(
                last.plus(STALE).isBefore(now) ? Mood.WATCH : Mood.GOOD,
                words.counted("live.check.contract.accepted", broker.accepted()),
                at(last));
    }

    private Check signature(BrokerState broker) {
        if (broker.suspendedUntil().isPresent()) {
            return check(
                    Mood.BAD,
                    "signature.suspended",
                    words.of(
                            "report.agreement.until",
                            words.time(broker.suspendedUntil().get())));
        }
        return broker.lastAcceptedAt().isPresent()
                ? check(Mood.GOOD, "signature.accepted", words.of("live.check.signature.last"))
                : check(Mood.PLAIN, "signature.not-seen", "");
    }

    private Check notices(BrokerState broker) {
        String endpoint = broker.published().getNoticesEndpoint();
        if (endpoint == null) {
            return broker.published().getKind() == RecipientKind.HELPDESK
                    ? check(Mood.PLAIN, "notices.none", words.of("live.check.notices.not-needed"))
                    : check(Mood.BAD, "notices.no-endpoint", words.of("live.check.notices.escalated"));
        }
        return broker.lastNoticeConfirmedAt()
                .map(at -> check(Mood.GOOD, "notices.confirmed", at(at)))
                .orElseGet(() -> check(Mood.WATCH, "notices.not-tried", words.of("live.check.notices.none-confirmed")));
    }

    private Check ping(PublishedBroker broker) {
        return broker.getPing() ? check(Mood.GOOD, "ping.first", "") : check(Mood.PLAIN, "ping.not", "");
    }

    private Check hours(PublishedBroker broker) {
        return broker.getHours() == null
                ? check(Mood.PLAIN, "hours.always", "")
                : check(
                        Mood.GOOD,
                        "hours.set",
                        String.join("; ", broker.getHours().getOpen()) + " "
                                + broker.getHours().getZone());
    }

    private Check agreement(PublishedBroker broker, Instant now) {
        LocalDate until = broker.getAgreementValidUntil();
        String title = Optional.ofNullable(broker.getAgreementTitle()).orElse("");
        if (until == null) {
            return check(Mood.WATCH, "agreement.no-end", title);
        }
        LocalDate today = LocalDate.ofInstant(now, ZoneOffset.UTC);
        if (until.isBefore(today)) {
            return new Check(Mood.BAD, words.of("live.check.agreement.ended", until), title);
        }
        return new Check(
                until.isBefore(today.plusDays(SOON_DAYS)) ? Mood.WATCH : Mood.GOOD,
                words.of("report.agreement.until", until),
                title);
    }
}
