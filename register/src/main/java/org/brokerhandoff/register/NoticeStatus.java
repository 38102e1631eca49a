package org.brokerhandoff.register;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * State of the notices of a withdrawal, over all brokers that must be notified.
 *
 * @param state the lowest of their states
 * @param sendings total number of sendings to all of them
 * @param sentAt time of the last sending
 * @param escalatedAt time of the latest escalation
 */
public record NoticeStatus(State state, int sendings, Optional<Instant> sentAt, Optional<Instant> escalatedAt) {
    /** Progress of a notice. */
    public enum State {
        /** Due, sent or being sent, and not confirmed. */
        PENDING,
        /** Not confirmed, and a human has to act; sending continues until it is given up. */
        ESCALATED,
        /** Every broker that holds or may hold the signup has confirmed it. */
        CONFIRMED
    }

    /** The combined status of {@code notices}; empty if no broker must be notified. */
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

    /** When the last broker confirmed, once all have. */
    static Optional<Instant> confirmedAt(List<OwedNotice> notices) {
        return notices.stream().anyMatch(notice -> notice.confirmedAt().isEmpty())
                ? Optional.empty()
                : notices.stream()
                        .flatMap(notice -> notice.confirmedAt().stream())
                        .max(Comparator.naturalOrder());
    }
}
