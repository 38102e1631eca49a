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
 * A request that data of a signup be disclosed, and its progress. The first of duplicate facts counts.
 *
 * @param entered the request
 * @param questions the questions to the person, the earliest first
 * @param decision the decision; empty while it is open
 * @param release the early end of its hold
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

    /** Whether the person was asked and, at {@code now}, has refused every question: by an answer, or by none in time. */
    public boolean refusedByPerson(Instant now) {
        return !questions.isEmpty()
                && questions.stream()
                        .allMatch(question -> question.answerInTime()
                                .map(answer -> !answer.consented())
                                .orElse(now.isAfter(question.answerBy())));
    }

    /**
     * The entered request.
     *
     * @param country under whose law, ISO 3166-1
     * @param preservation whether it orders that data be preserved
     * @param sealedAs id of the message with the requester's contact details; empty if there is none
     * @param actor id of the API key that entered it
     * @param preserveUntil until when it orders that held data be kept; without it, no hold results
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
     * @param answerBy deadline for the answer; a missing answer is a refusal
     * @param actor id of the API key that asked it
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
     * @param actor id of the API key that recorded it; empty: the receipt's capability did
     */
    public record Answer(Instant at, boolean consented, RequestMethod method, Optional<String> actor) {}

    /**
     * The decision.
     *
     * @param actor id of the API key that decided
     * @param preservedUntil the resulting {@code eraseBy}; empty: unchanged
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
     * @param actor id of the API key that ended it
     */
    public record Release(Instant at, String actor) {}

    /** The {@code eraseBy} that results from this request, unless released; empty: as promised. */
    public Optional<Instant> preservedUntil() {
        return release.isPresent() ? Optional.empty() : decision.flatMap(Decision::preservedUntil);
    }
}
