package org.brokerhandoff.audit.verify;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Stream;
import org.brokerhandoff.audit.verify.DisclosureFact.Answer;
import org.brokerhandoff.audit.verify.DisclosureFact.Entry;
import org.brokerhandoff.audit.verify.DisclosureFact.Question;
import org.brokerhandoff.audit.verify.DisclosureFact.Ruling;

/** That the times stated by the steps of a request are in order too; their order in the log is checked by other rules. */
final class StepRules {
    static final Rule DATED = Rule.ofSignup(
            "request-steps-dated",
            "No step of a request is dated before the one that it follows.",
            (signup, scope) -> steps(signup)
                    .filter(step -> ProcessClocks.certainlyBefore(step.atMillis(), step.afterMillis()))
                    .map(step -> "the request " + step.requestId() + " was " + step.what() + " at "
                            + Instant.ofEpochMilli(step.atMillis()) + ", and what that follows was at "
                            + Instant.ofEpochMilli(step.afterMillis()))
                    .distinct()
                    .toList());

    static final List<Rule> ALL = List.of(DATED);

    private StepRules() {}

    /**
     * A step, and its predecessor.
     *
     * @param what name of the step
     */
    private record Step(UUID requestId, String what, long atMillis, long afterMillis) {}

    private static Stream<Step> steps(SignupFacts signup) {
        return Stream.of(
                        steps(
                                signup,
                                RightsFact.Decision.class,
                                decision -> requested(signup, decision)
                                        .map(after -> new Step(
                                                decision.requestId(), "decided", decision.decidedAtMillis(), after))),
                        steps(
                                signup,
                                RightsFact.Extension.class,
                                extension -> requested(signup, extension)
                                        .map(after -> new Step(
                                                extension.requestId(),
                                                "extended",
                                                extension.extendedAtMillis(),
                                                after))),
                        steps(
                                signup,
                                Question.class,
                                question -> entered(signup, question)
                                        .map(after -> new Step(
                                                question.requestId(),
                                                "put to the person",
                                                question.askedAtMillis(),
                                                after))),
                        steps(
                                signup,
                                Ruling.class,
                                ruling -> entered(signup, ruling)
                                        .map(after -> new Step(
                                                ruling.requestId(), "decided", ruling.decidedAtMillis(), after))),
                        steps(
                                signup,
                                DisclosureFact.Release.class,
                                release -> entered(signup, release)
                                        .map(after -> new Step(
                                                release.requestId(), "released", release.releasedAtMillis(), after))),
                        steps(
                                signup,
                                Answer.class,
                                answer -> asked(signup, answer)
                                        .map(after -> new Step(
                                                answer.requestId(), "answered", answer.answeredAtMillis(), after))))
                .flatMap(step -> step);
    }

    private static <F extends Fact> Stream<Step> steps(
            SignupFacts signup, Class<F> kind, Function<F, Optional<Step>> step) {
        return signup.all(kind).stream().flatMap(fact -> step.apply(fact).stream());
    }

    private static Optional<Long> requested(SignupFacts signup, RightsFact step) {
        return RequestRules.first(signup)
                .filter(request -> request.requestId().equals(step.requestId()))
                .map(RightsFact.Request::requestedAtMillis)
                .min(Comparator.naturalOrder());
    }

    private static Optional<Long> entered(SignupFacts signup, DisclosureFact step) {
        return signup.all(Entry.class).stream()
                .filter(entry -> entry.requestId().equals(step.requestId()))
                .map(Entry::requestedAtMillis)
                .min(Comparator.naturalOrder());
    }

    private static Optional<Long> asked(SignupFacts signup, Answer answer) {
        return signup.all(Question.class).stream()
                .filter(question -> question.requestId().equals(answer.requestId())
                        && question.questionId().equals(answer.questionId()))
                .map(Question::askedAtMillis)
                .min(Comparator.naturalOrder());
    }
}
