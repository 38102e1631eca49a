package org.brokerhandoff.audit.verify;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.brokerhandoff.audit.verify.DisclosureFact.Answer;
import org.brokerhandoff.audit.verify.DisclosureFact.Entry;
import org.brokerhandoff.audit.verify.DisclosureFact.Question;
import org.brokerhandoff.audit.verify.DisclosureFact.Ruling;
import org.brokerhandoff.event.DisclosureBasis;
import org.brokerhandoff.event.DisclosureGround;
import org.brokerhandoff.event.RequestDecision;

/** Rules on requests for disclosure: examined by two actors, and put to the person if it depends on them. */
final class DisclosureRules {
    static final Rule ENTERED = Rule.ofSignup(
            "disclosure-entered-before",
            "Questions, answers and decisions about a request for disclosure come after the request was entered.",
            (signup, scope) -> signup.all(DisclosureFact.class).stream()
                    .filter(fact ->
                            !(fact instanceof Entry) && before(signup, fact).isEmpty())
                    .map(fact -> "the disclosure request " + fact.requestId() + " was " + step(fact)
                            + " without having been entered before")
                    .distinct()
                    .toList());

    static final Rule FOUR_EYES = Rule.ofSignup(
            "disclosure-four-eyes",
            "A request for disclosure is decided by an actor other than the one who entered it, and neither of the two answers for the person.",
            (signup, scope) -> {
                List<String> found = new ArrayList<>();
                for (Ruling ruling : signup.all(Ruling.class)) {
                    entry(signup, ruling)
                            .filter(entry -> entry.actor().equals(ruling.actor()))
                            .ifPresent(
                                    entry -> found.add(name(ruling) + " was entered and decided by " + entry.actor()));
                    if (byConsent(signup, ruling)) {
                        agreement(signup, ruling)
                                .filter(answer -> ruling.actor().equals(answer.actor()))
                                .ifPresent(answer -> found.add(name(ruling) + " was granted by " + ruling.actor()
                                        + " on an answer that " + ruling.actor() + " entered"));
                    }
                }
                for (Answer answer : signup.all(Answer.class)) {
                    entry(signup, answer)
                            .filter(entry -> entry.actor().equals(answer.actor()))
                            .ifPresent(entry -> found.add("the question of " + name(answer) + " was answered by "
                                    + entry.actor() + ", who entered the request"));
                }
                return found.stream().distinct().toList();
            });

    static final Rule CONSENT = Rule.ofSignup(
            "disclosure-consent",
            "A grant based on the person's consent follows their timely consent, a refusal in their name follows their refusal, and each decision has a ground that supports it.",
            (signup, scope) -> signup.all(Ruling.class).stream()
                    .flatMap(ruling -> objection(signup, ruling).stream()
                            .map(objection -> name(ruling) + " was " + words(ruling) + objection))
                    .distinct()
                    .toList());

    static final Rule ANSWER = Rule.ofSignup(
            "disclosure-answer-in-time",
            "An answer belongs to an earlier question, and comes in time.",
            (signup, scope) -> signup.all(Answer.class).stream()
                    .flatMap(answer -> wrong(signup, answer).stream())
                    .distinct()
                    .toList());

    static final Rule ONCE =
            Rule.ofSignup("disclosure-decided-once", "A request for disclosure has one decision.", (signup, scope) -> {
                List<String> found = new ArrayList<>();
                for (Ruling ruling : signup.all(Ruling.class)) {
                    first(signup, Ruling.class, earlier -> earlier.requestId().equals(ruling.requestId()))
                            .filter(earlier -> earlier.decision() != ruling.decision()
                                    || earlier.ground() != ruling.ground()
                                    || !Objects.equals(earlier.preservedUntilMillis(), ruling.preservedUntilMillis()))
                            .ifPresent(earlier -> found.add(
                                    name(ruling) + " was " + words(earlier) + ", which counts, then " + words(ruling)));
                }
                return found.stream().distinct().toList();
            });

    static final List<Rule> ALL = List.of(ENTERED, FOUR_EYES, CONSENT, ANSWER, ONCE);

    private DisclosureRules() {}

    private static Optional<String> objection(SignupFacts signup, Ruling ruling) {
        if (grants(ruling.ground()) != (ruling.decision() == RequestDecision.GRANTED)) {
            return Optional.of(", a ground for the opposite decision");
        }
        if (byConsent(signup, ruling)
                && (ruling.ground() != DisclosureGround.PERSON_CONSENTED
                        || agreement(signup, ruling).isEmpty())) {
            return Optional.of(", without an earlier timely answer by which the person consented");
        }
        return ruling.ground() == DisclosureGround.PERSON_REFUSED && !refusedByPerson(signup, ruling)
                ? Optional.of(", but the person had not refused")
                : Optional.empty();
    }

    private static boolean grants(DisclosureGround ground) {
        return ground == DisclosureGround.LEGAL_BASIS || ground == DisclosureGround.PERSON_CONSENTED;
    }

    private static boolean byConsent(SignupFacts signup, Ruling ruling) {
        return ruling.decision() == RequestDecision.GRANTED
                && (ruling.ground() == DisclosureGround.PERSON_CONSENTED
                        || entry(signup, ruling)
                                .filter(entry -> entry.basis() == DisclosureBasis.CONSENT)
                                .isPresent());
    }

    /** The answer that counts: the first to a question, within its deadline, before the decision. */
    private static Optional<Answer> agreement(SignupFacts signup, Ruling ruling) {
        return questions(signup, ruling)
                .flatMap(question -> answer(signup, question).stream())
                .filter(answer -> answer.consented() && answer.offset() < ruling.offset())
                .findFirst();
    }

    /** A missing answer is a refusal after the deadline. */
    private static boolean refusedByPerson(SignupFacts signup, Ruling ruling) {
        List<Question> questions = questions(signup, ruling).toList();
        return !questions.isEmpty()
                && questions.stream()
                        .allMatch(question -> answer(signup, question)
                                .filter(answer -> answer.offset() < ruling.offset())
                                .map(answer -> !answer.consented())
                                .orElse(ruling.decidedAtMillis() > question.answerByMillis()));
    }

    /** The questions of a request before a fact, each in its first version. */
    private static Stream<Question> questions(SignupFacts signup, DisclosureFact before) {
        return signup.all(Question.class).stream()
                .filter(question -> question.requestId().equals(before.requestId()))
                .filter(question -> question.offset() < before.offset());
    }

    private static Optional<Answer> answer(SignupFacts signup, Question question) {
        return first(
                        signup,
                        Answer.class,
                        answer -> answer.requestId().equals(question.requestId())
                                && answer.questionId().equals(question.questionId())
                                && answer.offset() > question.offset())
                .filter(answer -> answer.answeredAtMillis() <= question.answerByMillis());
    }

    private static List<String> wrong(SignupFacts signup, Answer answer) {
        Optional<Question> question = questions(signup, answer)
                .filter(asked -> asked.questionId().equals(answer.questionId()))
                .findFirst();
        if (question.isEmpty()) {
            return List.of(name(answer) + " has an answer to question " + answer.questionId()
                    + ", which was not asked before");
        }
        return answer.answeredAtMillis() > question.get().answerByMillis()
                ? List.of(name(answer) + " was answered at " + at(answer.answeredAtMillis())
                        + ", but the time ended at "
                        + at(question.get().answerByMillis()))
                : List.of();
    }

    /** The entry of a fact's request, at any position. */
    private static Optional<Entry> entry(SignupFacts signup, DisclosureFact fact) {
        UUID request = fact.requestId();
        return first(signup, Entry.class, entry -> entry.requestId().equals(request));
    }

    private static Optional<Entry> before(SignupFacts signup, DisclosureFact fact) {
        return entry(signup, fact).filter(entry -> entry.offset() < fact.offset());
    }

    /** Facts of one topic are in log order. */
    private static <F extends Fact> Optional<F> first(SignupFacts signup, Class<F> kind, Predicate<F> which) {
        return signup.all(kind).stream().filter(which).findFirst();
    }

    private static String name(DisclosureFact fact) {
        return "the disclosure request " + fact.requestId();
    }

    private static String step(DisclosureFact fact) {
        if (fact instanceof Question) {
            return "put to the person";
        }
        if (fact instanceof DisclosureFact.Release) {
            return "released";
        }
        return fact instanceof Answer ? "answered" : "decided";
    }

    private static String words(Ruling ruling) {
        Long until = ruling.preservedUntilMillis();
        return ruling.decision() + " by " + ruling.actor() + " for " + ruling.ground()
                + (until == null ? "" : ", with a hold until " + at(until));
    }

    private static Instant at(long millis) {
        return Instant.ofEpochMilli(millis);
    }
}
