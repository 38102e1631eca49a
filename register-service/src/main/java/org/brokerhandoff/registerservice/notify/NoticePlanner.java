package org.brokerhandoff.registerservice.notify;

import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;
import org.brokerhandoff.event.EscalationReason;
import org.brokerhandoff.event.NoticeOutcome;

/** Plans the next step of a notice from its known state. Pure and total. */
public final class NoticePlanner {
    private NoticePlanner() {}

    /**
     * The next step.
     *
     * @param unrecorded what this process has done or received and could not record. It counts as done; until the log has it too, nothing
     *     else is done: the next step could not be recorded either, or would be recorded without its predecessor
     * @param reachable whether the directory has this broker's endpoint for notices
     */
    public static NoticeStep next(
            Notice notice,
            Optional<Notice.Unrecorded> unrecorded,
            boolean reachable,
            NoticeSchedule schedule,
            Instant now) {
        Optional<Notice.Unrecorded> missing = unrecorded.filter(fact -> !fact.isIn(notice));
        if (notice.ended() || missing.isEmpty()) {
            return next(notice, reachable, schedule, now);
        }
        Instant due = missing.get().triedAt().plus(schedule.recordingPause());
        return now.isBefore(due) ? new NoticeStep.Wait(due) : new NoticeStep.RecordFact(missing.get());
    }

    /**
     * The next step, when all completed steps are in the log.
     *
     * @param reachable whether the directory has this broker's endpoint for notices
     */
    public static NoticeStep next(Notice notice, boolean reachable, NoticeSchedule schedule, Instant now) {
        if (notice.ended()) {
            return new NoticeStep.Done();
        }
        if (notice.last()
                .filter(last -> last.outcome() == NoticeOutcome.COMPLETED)
                .isPresent()) {
            // The process died between the two events.
            return new NoticeStep.Confirm(notice.last().get().at());
        }
        Instant settled = notice.requestedAt().plus(schedule.settleAfter());
        if (!notice.delivered() && now.isBefore(settled)) {
            return new NoticeStep.Wait(settled);
        }
        Instant givenUp = notice.requestedAt().plus(schedule.limit());
        Instant silent = notice.requestedAt().plus(schedule.escalateAfter());
        boolean escalatedAsSilent = notice.escalations().containsKey(EscalationReason.SILENT);
        // A process that was down for all that time still tries once before it gives up or escalates.
        boolean tried = notice.attempts() > 0 || !reachable;
        if (tried && !now.isBefore(givenUp)) {
            return new NoticeStep.Escalate(EscalationReason.GIVEN_UP);
        } else if (!reachable) {
            return notice.escalations().containsKey(EscalationReason.NO_ENDPOINT)
                    // The next version of the directory may have the endpoint.
                    ? new NoticeStep.Wait(givenUp)
                    : new NoticeStep.Escalate(EscalationReason.NO_ENDPOINT);
        } else if (tried && !escalatedAsSilent && !now.isBefore(silent)) {
            return new NoticeStep.Escalate(EscalationReason.SILENT);
        } else if (notice.last().isEmpty()) {
            return new NoticeStep.Send(1);
        }
        Notice.Sending last = notice.last().get();
        boolean pending = last.outcome() == NoticeOutcome.PENDING
                && notice.poll().filter(Notice.Poll::lost).isEmpty();
        Instant due = pending ? pollAt(notice, last, schedule) : sendAt(notice, last, schedule);
        if (now.isBefore(due)) {
            return new NoticeStep.Wait(Stream.of(due, givenUp, escalatedAsSilent ? givenUp : silent)
                    .min(Instant::compareTo)
                    .orElse(due));
        }
        return pending ? new NoticeStep.Ask() : new NoticeStep.Send(notice.attempts() + 1);
    }

    private static Instant pollAt(Notice notice, Notice.Sending last, NoticeSchedule schedule) {
        Instant asked = notice.poll().map(Notice.Poll::at).orElse(last.at());
        Optional<Instant> notBefore = notice.poll().map(Notice.Poll::notBefore).orElse(last.notBefore());
        return schedule.bounded(asked, asked.plus(schedule.pollInterval(last.at(), asked)), notBefore);
    }

    private static Instant sendAt(Notice notice, Notice.Sending last, NoticeSchedule schedule) {
        Instant byBackoff = last.at().plus(schedule.backoff(notice.key(), notice.attempts()));
        // The broker may have answered so to a poll, and then no longer knows the notice.
        Stream<Instant> notBefore =
                Stream.concat(last.notBefore().stream(), notice.poll().flatMap(Notice.Poll::notBefore).stream());
        return schedule.bounded(last.at(), byBackoff, notBefore.max(Instant::compareTo));
    }
}
