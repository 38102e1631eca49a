package org.brokerhandoff.audit.verify;

import java.util.Set;
import java.util.stream.Collectors;
import org.brokerhandoff.audit.verify.Fact.Acceptance;
import org.brokerhandoff.audit.verify.Fact.Attempt;
import org.brokerhandoff.audit.verify.Fact.End;
import org.brokerhandoff.event.AttemptOutcome;

/** Which brokers have, or may have, a signup. */
final class Holders {
    private Holders() {}

    /** The broker that accepted; without one, each that was sent the data, gave no valid reply, and has neither refused nor been released since. */
    static Set<String> of(SignupFacts signup) {
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
