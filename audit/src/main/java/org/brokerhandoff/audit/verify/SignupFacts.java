package org.brokerhandoff.audit.verify;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.brokerhandoff.audit.replay.Grants;

/** The log's complete content about one signup, folded from its events in the order of each topic. A repeat is kept if it adds something. */
public final class SignupFacts {
    private final UUID signupId;
    private final List<Fact> facts = new ArrayList<>(5);
    private final Grants grants = new Grants();

    /** A signup about which nothing is known yet. */
    public SignupFacts(UUID signupId) {
        this.signupId = signupId;
    }

    /** Adds the statement of one more event; returns whether it repeats an earlier one. */
    boolean add(Fact fact) {
        boolean repeat = false;
        for (Fact earlier : facts) {
            if (fact.getClass() == earlier.getClass() && fact.identity().equals(earlier.identity())) {
                repeat = true;
                if (fact.addsNothingTo(earlier)) {
                    return true;
                }
            }
        }
        facts.add(fact);
        return repeat;
    }

    /** The signup. */
    public UUID signupId() {
        return signupId;
    }

    /** The places under caps granted to it. */
    Grants grants() {
        return grants;
    }

    /** All facts, those of one topic in log order. */
    public List<Fact> all() {
        return List.copyOf(facts);
    }

    /** All facts of one kind. */
    public <F extends Fact> List<F> all(Class<F> kind) {
        // Every rule calls this for every signup: with streams, judging took half as long again.
        List<F> found = new ArrayList<>(2);
        for (Fact fact : facts) {
            if (kind.isInstance(fact)) {
                found.add(kind.cast(fact));
            }
        }
        return found;
    }

    /** The first fact of one kind. */
    public <F extends Fact> Optional<F> first(Class<F> kind) {
        for (Fact fact : facts) {
            if (kind.isInstance(fact)) {
                return Optional.of(kind.cast(fact));
            }
        }
        return Optional.empty();
    }

    /** Whether there is a fact of this kind. */
    public boolean has(Class<? extends Fact> kind) {
        for (Fact fact : facts) {
            if (kind.isInstance(fact)) {
                return true;
            }
        }
        return false;
    }

    /** The signup that this corrects; empty: it is no correction. */
    public Optional<UUID> corrects() {
        return first(Fact.Message.class).map(Fact.Message::concerns);
    }

    /** Every contact with a broker, in the order of the log. */
    public Stream<Fact.Contact> contacts() {
        return all(Fact.Contact.class).stream();
    }
}
