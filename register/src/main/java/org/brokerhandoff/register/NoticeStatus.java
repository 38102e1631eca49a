package org.brokerhandoff.register;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Where the notice of a withdrawal stands, over all brokers that must be notified.
 *
 * @param state the least of them
 * @param sendings how often it was sent, to all of them together
 * @param sentAt when it was sent last
 * @param escalatedAt when the latest escalation was
 */
public record NoticeStatus(State state, int sendings, Optional<Instant> sentAt, Optional<Instant> escalatedAt) {
    /** How far a notice is. */
    public enum State {
        /** Owed, sent or being sent, and not confirmed. */
        PENDING,
        /** Not confirmed, and a person has to look after it; it is still sent until it is given up. */
        ESCALATED,
        /** Every broker that holds or may hold the signup has confirmed it. */
        CONFIRMED
    }

    /** The status that {@code notices} amount to; empty if no broker must be notified. */
    static Optional<NoticeStatus> of(List<OwedNotice> notices) {
        if (notices.isEmpty()) {
            return Optional.empty();
        }
        List<OwedNotice> unconfirmed = notices.stream()
                .filter(notice -> notice.confirmedAt().isEmpty())
                .toList();
        State state = unconfirmed.isEmpty()
                ? State.CONFIRMED
                : unconfirmed.stream().anyMatch(notice -> !notice.escalations().isEmpty())
                        ? State.ESCALATED
                        : State.PENDING;
        return Optional.of(new NoticeStatus(
                state,
                notices.stream().mapToInt(OwedNotice::attempts).sum(),
                notices.stream()
                        .flatMap(notice -> notice.last().stream())
                        .map(OwedNotice.Sending::at)
                        .max(Comparator.naturalOrder()),
                unconfirmed.stream()
                        .flatMap(notice -> notice.escalations().values().stream())
                        .max(Comparator.naturalOrder())));
    }

    /** When the last of the brokers confirmed, once all have. */
    static Optional<Instant> confirmedAt(List<OwedNotice> notices) {
        return notices.stream().anyMatch(notice -> notice.confirmedAt().isEmpty())
                ? Optional.empty()
                : notices.stream()
                        .flatMap(notice -> notice.confirmedAt().stream())
                        .max(Comparator.naturalOrder());
    }
}
