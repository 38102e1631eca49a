package org.brokerhandoff.register;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.brokerhandoff.event.DisclosureBasis;
import org.brokerhandoff.event.DisclosureGround;
import org.brokerhandoff.event.DisclosureRequester;
import org.brokerhandoff.event.DisclosureScope;
import org.brokerhandoff.event.RequestDecision;
import org.brokerhandoff.event.RequestMethod;

/**
 * A request that data of a signup be disclosed, with what became of it. Of a fact that is in the log twice, the first counts.
 *
 * @param entered what was asked for
 * @param questions what the person was asked, the earliest first
 * @param decision what was decided; empty while it is open
 * @param release that its hold was ended before its time
 */
public record Disclosure(
        UUID signupId,
        UUID requestId,
        Entered entered,
        List<Question> questions,
        Optional<Decision> decision,
        Optional<Release> release) {
    public Disclosure {
        questions = List.copyOf(questions);
    }

    /** The answer by which the person agreed, in time; empty if there is none. */
    public Optional<Answer> agreement() {
        return questions.stream()
                .flatMap(question -> question.answerInTime().stream())
                .filter(Answer::consented)
                .findFirst();
    }

    /** Whether the person was asked and, at {@code now}, has refused in every case: by an answer, or by none in time. */
    public boolean refusedByPerson(Instant now) {
        return !questions.isEmpty()
                && questions.stream()
                        .allMatch(question -> question.answerInTime()
                                .map(answer -> !answer.consented())
                                .orElse(now.isAfter(question.answerBy())));
    }

    /**
     * What was entered.
     *
     * @param country under whose law, ISO 3166-1
     * @param preservation whether it orders that data be preserved
     * @param sealedAs id of the message with how to reach the requester; empty if there is none
     * @param actor id of the API key that it was entered with
     * @param preserveUntil until when it orders that what is held be kept; nothing is held any longer without
     */
    public record Entered(
            Instant at,
            DisclosureRequester requester,
            String country,
            DisclosureBasis basis,
            List<DisclosureScope> scope,
            boolean preservation,
            Optional<UUID> sealedAs,
            String actor,
            Optional<Instant> preserveUntil) {
        public Entered {
            scope = List.copyOf(scope);
        }
    }

    /**
     * A question to the person.
     *
     * @param answerBy until when an answer counts; no answer is a refusal
     * @param actor id of the API key that it was asked with
     * @param answer the first answer, in time or not
     */
    public record Question(UUID id, Instant askedAt, Instant answerBy, String actor, Optional<Answer> answer) {
        /** The answer, if it came in time. */
        public Optional<Answer> answerInTime() {
            return answer.filter(given -> !given.at().isAfter(answerBy));
        }
    }

    /**
     * The person's answer.
     *
     * @param actor id of the API key that it was recorded with; empty: by the receipt's capability
     */
    public record Answer(Instant at, boolean consented, RequestMethod method, Optional<String> actor) {}

    /**
     * What was decided.
     *
     * @param actor id of the API key that it was decided with
     * @param preservedUntil what {@code eraseBy} becomes by it; empty: it stays
     */
    public record Decision(
            Instant at,
            RequestDecision decision,
            DisclosureGround ground,
            String actor,
            Optional<Instant> preservedUntil) {}

    /**
     * A hold was ended.
     *
     * @param actor id of the API key that it was ended with
     */
    public record Release(Instant at, String actor) {}

    /** What {@code eraseBy} has become by this request, unless that was taken back; empty: nothing else than was promised. */
    public Optional<Instant> preservedUntil() {
        return release.isPresent() ? Optional.empty() : decision.flatMap(Decision::preservedUntil);
    }
}
