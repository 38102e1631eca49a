package org.brokerhandoff.bench.load;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;

/**
 * Answers to the requests of one phase.
 *
 * @param perSecond requests due per second
 * @param seconds duration
 * @param due number of requests
 * @param accepted latencies of those answered 202, from their due time
 * @param acceptedFromSending the same, from their sending: without the wait for a free connection
 * @param refused latencies of those answered 503 with {@code Retry-After}, from their due time
 * @param refusedFromSending the same, from their sending
 * @param otherStatuses numbers of other answers, by status; a 503 among them has no {@code Retry-After}
 */
public record PhaseAnswers(
        int perSecond,
        int seconds,
        int due,
        LatencyCurve accepted,
        LatencyCurve acceptedFromSending,
        LatencyCurve refused,
        LatencyCurve refusedFromSending,
        Map<Integer, Long> otherStatuses) {
    private static final int ACCEPTED = 202;
    private static final int UNAVAILABLE = 503;

    /** Of the phase with this number. */
    public static PhaseAnswers of(RateSchedule schedule, int number, List<Answer> all) {
        RateSchedule.Phase phase = schedule.phases().get(number);
        List<Answer> answers = all.stream()
                .filter(answer -> schedule.phaseOf(answer.request()) == number)
                .toList();
        Predicate<Answer> taken = answer -> answer.status() == ACCEPTED;
        Predicate<Answer> refused = answer -> answer.status() == UNAVAILABLE && answer.retryAfter();
        return new PhaseAnswers(
                phase.perSecond(),
                phase.seconds(),
                phase.requests(),
                curve(answers, taken, Answer::micros),
                curve(answers, taken, Answer::answerMicros),
                curve(answers, refused, Answer::micros),
                curve(answers, refused, Answer::answerMicros),
                answers.stream()
                        .filter(taken.or(refused).negate())
                        .collect(Collectors.groupingBy(Answer::status, TreeMap::new, Collectors.counting())));
    }

    private static LatencyCurve curve(List<Answer> answers, Predicate<Answer> which, ToLongFunction<Answer> micros) {
        return LatencyCurve.of(answers.stream().filter(which).mapToLong(micros));
    }

    /** Number of other answers. */
    public long others() {
        return otherStatuses.values().stream().mapToLong(Long::longValue).sum();
    }

    /** Number of requests without an answer. */
    public long unanswered() {
        return due - accepted.count() - refused.count() - others();
    }
}
