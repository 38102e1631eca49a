package org.brokerhandoff.sandbox;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * How a broker reacts to handoffs: a pure function of a handoff's facts, so that one behaviour can serve several brokers and a run is
 * repeatable.
 *
 * <p>Shares are drawn from a seed and a count, not from the signup id, which is random in every run. A share of signups (refusals) is drawn
 * by {@link HandoffFacts#signupNumber()}, so a signup gets the same answer at each arrival; a share of arrivals (errors, lost replies) by
 * {@link HandoffFacts#total()}.
 */
@FunctionalInterface
public interface Behaviour {

    /** Decides. Must neither block nor keep state. */
    Reaction reactTo(HandoffFacts facts);

    /** Accepts every signup. */
    static Behaviour accepting() {
        return always(Reaction.accept());
    }

    /** The same reaction to everything. */
    static Behaviour always(Reaction reaction) {
        return facts -> reaction;
    }

    /** Refuses people of these countries (ISO 3166-1 alpha-2). */
    static Behaviour refusing(Set<String> countries) {
        Set<String> refused = Set.copyOf(countries);
        return accepting()
                .when(facts -> refused.contains(facts.country()), always(Reaction.refuse("country not served")));
    }

    /** Refuses a share (0 to 1) of the signups. */
    static Behaviour refusing(double share, long seed) {
        return accepting()
                .when(
                        facts -> Draw.below(share, seed, facts.signupNumber()),
                        always(Reaction.refuse("not wanted at present")));
    }

    /** Answers 500 to a share (0 to 1) of the arrivals. */
    static Behaviour flaky(double share, long seed) {
        return accepting().when(facts -> Draw.below(share, seed, facts.total()), always(Reaction.fail(500)));
    }

    /** Accepts, but loses the reply of a share (0 to 1) of the arrivals. */
    static Behaviour losingReplies(double share, long seed) {
        return accepting()
                .when(facts -> Draw.below(share, seed, facts.total()), always(new Reaction.AcceptThenDropReply()));
    }

    /** Accepts after a delay. */
    static Behaviour delayed(Duration delay) {
        return accepting().delayedBy(delay);
    }

    /** Answers 503 without {@code Retry-After}. */
    static Behaviour unavailable() {
        return always(Reaction.fail(503));
    }

    /** Answers 503 with {@code Retry-After}. */
    static Behaviour unavailable(Duration retryAfter) {
        return always(Reaction.fail(503, retryAfter));
    }

    /** Answers 429 with {@code Retry-After}. */
    static Behaviour limiting(Duration retryAfter) {
        return always(Reaction.fail(429, retryAfter));
    }

    /** Answers 410: this endpoint is gone. */
    static Behaviour gone() {
        return always(Reaction.fail(410));
    }

    /** Redirects with 307, which requests that the personal data be sent elsewhere. */
    static Behaviour redirecting(URI location) {
        return always(new Reaction.Redirect(307, location));
    }

    /** Each signup gets these reactions, one per arrival, then is accepted. */
    static Behaviour script(Reaction... reactions) {
        return script(List.of(reactions), accepting());
    }

    /** Each signup gets these reactions, one per arrival, then the behaviour that follows. */
    static Behaviour script(List<Reaction> reactions, Behaviour afterwards) {
        List<Reaction> script = List.copyOf(reactions);
        return facts -> facts.arrival() <= script.size() ? script.get(facts.arrival() - 1) : afterwards.reactTo(facts);
    }

    /** If the condition holds, the other behaviour; otherwise this one. */
    default Behaviour when(Predicate<HandoffFacts> condition, Behaviour other) {
        return facts -> (condition.test(facts) ? other : this).reactTo(facts);
    }

    /** If this behaviour would simply accept, the next one decides. */
    default Behaviour otherwise(Behaviour next) {
        return facts -> {
            Reaction mine = reactTo(facts);
            return mine instanceof Reaction.Accept ? next.reactTo(facts) : mine;
        };
    }

    /** The same reactions, delayed. */
    default Behaviour delayedBy(Duration delay) {
        return facts -> new Reaction.Delay(delay, reactTo(facts));
    }
}
