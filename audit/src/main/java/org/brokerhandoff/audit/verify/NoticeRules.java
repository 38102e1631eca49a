package org.brokerhandoff.audit.verify;

import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.brokerhandoff.audit.verify.Fact.Assignment;
import org.brokerhandoff.audit.verify.Fact.Withdrawal;
import org.brokerhandoff.audit.verify.NoticeFact.Cause;
import org.brokerhandoff.audit.verify.NoticeFact.Kind;
import org.brokerhandoff.audit.verify.RightsFact.Request;
import org.brokerhandoff.event.HoldingFound;
import org.brokerhandoff.event.NoticeOutcome;
import org.brokerhandoff.event.NoticeType;
import org.brokerhandoff.event.RightsType;
import org.brokerhandoff.event.WithdrawalOutcome;

/** Rules on notices: a withdrawal or a request reaches every broker that holds the data, and no broker that cannot. */
final class NoticeRules {
    /** A day, after which notices are escalated unless the operator configured otherwise, and an hour for a router that was down. */
    private static final Duration CONFIRMED_OR_ESCALATED = Duration.ofHours(25);

    static final Rule WITHDRAWAL_TOLD = Rule.ofSignup(
            "withdrawal-notified",
            "A broker that holds, or may hold, a withdrawn signup answers the notice within a day, or it is escalated.",
            (signup, scope) -> signup.first(Withdrawal.class).stream()
                    // The broker knows the corrected signup: its withdrawal is notified.
                    .filter(withdrawal -> signup.corrects().isEmpty())
                    .filter(withdrawal -> withdrawal.outcome() == WithdrawalOutcome.HANDOFF_STARTED
                            && overdue(withdrawal.withdrawnAtMillis(), scope))
                    .flatMap(withdrawal -> untold(signup, Cause.WITHDRAWAL::equals))
                    .map(broker -> "the withdrawal is neither confirmed by " + broker + " nor escalated")
                    .toList());

    static final Rule REQUEST_TOLD = Rule.ofSignup(
            "request-notified",
            "A broker that holds a signup answers the notice of a request for erasure or restriction, or of an objection,"
                    + " within a day, or it is escalated.",
            (signup, scope) -> RequestRules.first(signup)
                    .filter(request -> holdersAreTold(request.type())
                            && !request.found(HoldingFound.HELD)
                            && overdue(request.requestedAtMillis(), scope)
                            && !RequestRules.refusedBefore(signup, request, lastMoment(request.requestedAtMillis())))
                    .flatMap(request -> untold(
                                    signup, cause -> request.requestId().equals(cause.requestId()))
                            .map(broker -> RequestRules.name(request) + " is neither answered by " + broker
                                    + " nor escalated"))
                    .toList());

    static final Rule HOLDER = Rule.ofSignup(
            "notice-to-holder",
            "A notice goes only to a broker that was assigned before, and only after the event that it reports.",
            (signup, scope) -> notices(signup, notice -> true)
                    .flatMap(notice -> Stream.of(
                                    notice.kind() != Kind.SENT || assignedBefore(signup, notice)
                                            ? ""
                                            : "a notice went to " + notice.broker()
                                                    + ", which was never assigned before",
                                    happenedBefore(signup, notice)
                                            ? ""
                                            : "a notice " + happened(notice.kind()) + " " + notice.broker() + " at "
                                                    + ConsentRules.at(notice.atMillis()) + ", and "
                                                    + missing(notice.cause()))
                            .filter(sentence -> !sentence.isEmpty()))
                    .distinct()
                    .toList());

    static final Rule CONFIRMED = Rule.ofSignup(
            "notice-confirmed-after-sent",
            "A notice is confirmed only after the broker accepted one, and refused only after the broker refused one; a withdrawal"
                    + " cannot be refused.",
            (signup, scope) -> notices(signup, notice -> notice.kind().ends())
                    .filter(answer -> !answers(answer)
                            || notices(signup, sent -> answers(answer, sent))
                                    .findAny()
                                    .isEmpty())
                    .map(answer -> answer.broker() + " is reported to have "
                            + (answer.kind() == Kind.CONFIRMED ? "confirmed" : "refused")
                            + (answers(answer) ? " a notice that it never accepted" : " a withdrawal"))
                    .distinct()
                    .toList());

    static final List<Rule> ALL = List.of(WITHDRAWAL_TOLD, REQUEST_TOLD, HOLDER, CONFIRMED);

    private NoticeRules() {}

    /** Whether brokers are notified of such a request: others are answered here, or delivered as a separate record. */
    static boolean holdersAreTold(RightsType type) {
        return type == RightsType.ERASURE || type == RightsType.RESTRICTION || type == RightsType.OBJECTION;
    }

    /** Whether {@code broker} has given a final answer to a notice of {@code request}. */
    static Stream<NoticeFact> answersTo(SignupFacts signup, UUID request, String broker) {
        return notices(
                signup,
                notice -> answers(notice)
                        && notice.broker().equals(broker)
                        && request.equals(notice.cause().requestId()));
    }

    /** Whether a broker's answer is final: it may refuse a person's request, but not the end of the consent. */
    private static boolean answers(NoticeFact notice) {
        return notice.kind() == Kind.CONFIRMED
                || (notice.kind() == Kind.REFUSED && !notice.cause().equals(Cause.WITHDRAWAL));
    }

    private static boolean overdue(long sinceMillis, Scope scope) {
        return scope.now().toEpochMilli() > lastMoment(sinceMillis);
    }

    private static long lastMoment(long sinceMillis) {
        return sinceMillis + CONFIRMED_OR_ESCALATED.toMillis();
    }

    /** The holders for which only sendings of such a notice are known. */
    private static Stream<String> untold(SignupFacts signup, Predicate<Cause> which) {
        return Holders.of(signup).stream()
                .filter(broker -> notices(
                                signup,
                                notice -> notice.broker().equals(broker)
                                        && (notice.kind() == Kind.ESCALATED || answers(notice))
                                        && which.test(notice.cause()))
                        .findAny()
                        .isEmpty());
    }

    private static boolean assignedBefore(SignupFacts signup, NoticeFact notice) {
        return signup.all(Assignment.class).stream()
                .anyMatch(assignment ->
                        assignment.broker().equals(notice.broker()) && assignment.offset() < notice.offset());
    }

    /** Requests and withdrawals are in another topic than notices, so times are compared. */
    private static boolean happenedBefore(SignupFacts signup, NoticeFact notice) {
        Cause cause = notice.cause();
        if (cause.equals(Cause.WITHDRAWAL)) {
            return signup.all(Withdrawal.class).stream()
                    .anyMatch(withdrawal ->
                            !ProcessClocks.certainlyBefore(notice.atMillis(), withdrawal.withdrawnAtMillis()));
        }
        return signup.all(Request.class).stream()
                .anyMatch(request -> request.requestId().equals(cause.requestId())
                        && holdersAreTold(request.type())
                        && request.type().name().equals(cause.type().name())
                        && request.found(HoldingFound.HANDOFF_STARTED)
                        && !ProcessClocks.certainlyBefore(notice.atMillis(), request.requestedAtMillis()));
    }

    private static String happened(Kind kind) {
        return switch (kind) {
            case SENT -> "went to";
            case CONFIRMED -> "was confirmed by";
            case REFUSED -> "was refused by";
            case ESCALATED -> "was escalated that is owed to";
        };
    }

    private static String missing(Cause cause) {
        if (cause.equals(Cause.WITHDRAWAL)) {
            return "the consent was not withdrawn";
        }
        return cause.requestId() == null || cause.type() == NoticeType.WITHDRAWAL
                ? "it reports neither a withdrawal nor a request"
                : "there was no such request after a handoff: " + cause;
    }

    private static boolean answers(NoticeFact answer, NoticeFact sent) {
        return sent.kind() == Kind.SENT
                && sent.broker().equals(answer.broker())
                && sent.cause().equals(answer.cause())
                && sent.offset() < answer.offset()
                && (sent.outcome() == NoticeOutcome.PENDING
                        || sent.outcome()
                                == (answer.kind() == Kind.CONFIRMED ? NoticeOutcome.COMPLETED : NoticeOutcome.REFUSED));
    }

    private static Stream<NoticeFact> notices(SignupFacts signup, Predicate<NoticeFact> which) {
        return signup.all(NoticeFact.class).stream().filter(which);
    }
}
