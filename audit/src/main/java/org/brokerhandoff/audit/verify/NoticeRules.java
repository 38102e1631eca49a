package org.brokerhandoff.audit.verify;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificRecord;
import org.brokerhandoff.audit.verify.Fact.Acceptance;
import org.brokerhandoff.audit.verify.Fact.Assignment;
import org.brokerhandoff.audit.verify.Fact.Attempt;
import org.brokerhandoff.audit.verify.Fact.End;
import org.brokerhandoff.audit.verify.Fact.Notice;
import org.brokerhandoff.audit.verify.Fact.Withdrawal;
import org.brokerhandoff.event.AttemptOutcome;
import org.brokerhandoff.event.NoticeConfirmed;
import org.brokerhandoff.event.NoticeEscalated;
import org.brokerhandoff.event.NoticeOutcome;
import org.brokerhandoff.event.NoticeSent;
import org.brokerhandoff.event.WithdrawalOutcome;
import org.jspecify.annotations.Nullable;

/** Rules on notices: a withdrawal reaches whoever holds the data, and nobody who cannot. */
final class NoticeRules {
    /** A day, as notices are escalated unless the operator has set it otherwise, and an hour for a router that was down. */
    private static final Duration CONFIRMED_OR_ESCALATED = Duration.ofHours(25);

    static final Rule TOLD = Rule.ofSignup(
            "withdrawal-notified",
            "A broker that holds a withdrawn signup, or did not say whether it does, confirms the notice within a day, or it is escalated.",
            (signup, scope) -> signup.first(Withdrawal.class).stream()
                    .filter(withdrawal -> withdrawal.outcome() == WithdrawalOutcome.HANDOFF_STARTED
                            && scope.now().toEpochMilli()
                                    > withdrawal.withdrawnAtMillis() + CONFIRMED_OR_ESCALATED.toMillis())
                    .flatMap(withdrawal -> holders(signup).stream())
                    .filter(broker -> signup.all(Notice.class).stream()
                            .noneMatch(notice -> notice.broker().equals(broker) && notice.kind() != Notice.Kind.SENT))
                    .map(broker -> "the withdrawal is neither confirmed by " + broker + " nor escalated")
                    .toList());

    static final Rule HOLDER = Rule.ofSignup(
            "notice-to-holder",
            "A notice goes only to a broker that was assigned before, and only after what it tells of happened.",
            (signup, scope) -> notices(signup, notice -> notice.kind() == Notice.Kind.SENT)
                    .flatMap(notice -> Stream.of(
                                    signup.all(Assignment.class).stream()
                                                    .anyMatch(assignment ->
                                                            assignment.broker().equals(notice.broker())
                                                                    && assignment.offset() < notice.offset())
                                            ? ""
                                            : "a notice went to " + notice.broker()
                                                    + ", which was never assigned before",
                                    signup.all(Withdrawal.class).stream()
                                                    .anyMatch(withdrawal -> !ProcessClocks.certainlyBefore(
                                                            notice.atMillis(), withdrawal.withdrawnAtMillis()))
                                            ? ""
                                            : "a notice went to " + notice.broker() + " at "
                                                    + ConsentRules.at(notice.atMillis())
                                                    + ", and the consent was not withdrawn")
                            .filter(sentence -> !sentence.isEmpty()))
                    .distinct()
                    .toList());

    static final Rule CONFIRMED = Rule.ofSignup(
            "notice-confirmed-after-sent",
            "A notice is confirmed only after one was sent that the broker took.",
            (signup, scope) -> notices(signup, notice -> notice.kind() == Notice.Kind.CONFIRMED)
                    .filter(confirmation -> notices(
                                    signup,
                                    sent -> sent.kind() == Notice.Kind.SENT
                                            && sent.broker().equals(confirmation.broker())
                                            && sent.offset() < confirmation.offset()
                                            && (sent.outcome() == NoticeOutcome.COMPLETED
                                                    || sent.outcome() == NoticeOutcome.PENDING))
                            .findAny()
                            .isEmpty())
                    .map(confirmation ->
                            confirmation.broker() + " is said to have confirmed a notice that it never took")
                    .distinct()
                    .toList());

    static final List<Rule> ALL = List.of(TOLD, HOLDER, CONFIRMED);

    private NoticeRules() {}

    /** What {@code event}, at {@code offset} of its topic, says of a notice; null if it is about none. */
    static @Nullable Notice fact(SpecificRecord event, long offset) {
        if (event instanceof NoticeSent e) {
            return new Notice(
                    offset,
                    e.getBroker(),
                    Notice.Kind.SENT,
                    e.getType() + "/" + e.getAttempt(),
                    e.getOutcome(),
                    e.getSentAt().toEpochMilli());
        } else if (event instanceof NoticeConfirmed e) {
            return new Notice(
                    offset,
                    e.getBroker(),
                    Notice.Kind.CONFIRMED,
                    e.getType().name(),
                    null,
                    e.getConfirmedAt().toEpochMilli());
        } else if (event instanceof NoticeEscalated e) {
            return new Notice(
                    offset,
                    e.getBroker(),
                    Notice.Kind.ESCALATED,
                    e.getType() + "/" + e.getReason(),
                    null,
                    e.getEscalatedAt().toEpochMilli());
        }
        return null;
    }

    private static Stream<Notice> notices(SignupFacts signup, Predicate<Notice> which) {
        return signup.all(Notice.class).stream().filter(which);
    }

    /** The broker that accepted; without one, each that was sent the data, gave no understandable reply, and neither refused nor was released since. */
    private static Set<String> holders(SignupFacts signup) {
        Set<String> accepted =
                signup.all(Acceptance.class).stream().map(Acceptance::broker).collect(Collectors.toSet());
        if (!accepted.isEmpty()) {
            return accepted;
        }
        return signup.all(Attempt.class).stream()
                .filter(attempt -> attempt.outcome() == AttemptOutcome.UNKNOWN)
                .filter(attempt -> signup.all(End.class).stream().noneMatch(end -> end.covers(attempt)))
                .map(Attempt::broker)
                .collect(Collectors.toSet());
    }
}
