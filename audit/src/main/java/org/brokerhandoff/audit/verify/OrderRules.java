package org.brokerhandoff.audit.verify;

import static org.brokerhandoff.audit.verify.ConsentRules.at;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.brokerhandoff.audit.verify.Fact.Assignment;
import org.brokerhandoff.audit.verify.Fact.Contact;
import org.brokerhandoff.audit.verify.Fact.Ground;
import org.brokerhandoff.schemas.ConsentTimes;

/** Rules on the order of times within one life, as implied by the steps. */
final class OrderRules {
    static final Rule ATTEMPT = Rule.ofSignup(
            "attempt-in-order",
            "An attempt starts after its broker was chosen, and ends after it started.",
            (signup, scope) -> signup.contacts()
                    .flatMap(contact -> Stream.concat(startedTooEarly(signup, contact), endedTooEarly(contact)))
                    .distinct()
                    .toList());

    static final Rule HOLD = Rule.ofSignup(
            "hold-bounded",
            "No signup is promised a longer hold than the installation allows.",
            (signup, scope) -> signup.all(Ground.class).stream()
                    .filter(ground -> ground.eraseByMillis() - ground.receivedAtMillis()
                            > scope.longestHold().toMillis())
                    .map(ground ->
                            "received at " + at(ground.receivedAtMillis()) + ", it is promised to be erased only by "
                                    + at(ground.eraseByMillis()) + "; the longest hold is " + scope.longestHold())
                    .distinct()
                    .toList());

    static final Rule GIVEN = Rule.ofSignup(
            "consent-dated",
            "A consent was given before it was received.",
            (signup, scope) -> signup.all(Fact.Consent.class).stream()
                    .filter(consent -> ProcessClocks.certainlyBefore(
                            consent.receivedAtMillis() + ConsentTimes.MOST_CLOCK_SKEW.toMillis(),
                            consent.givenAtMillis()))
                    .map(consent -> "its consent was given at " + at(consent.givenAtMillis()) + " and received at "
                            + at(consent.receivedAtMillis()))
                    .distinct()
                    .toList());

    static final Rule REPEATED_PURGE = Rule.ofSignup(
            "purge-repeats-follow",
            "A repeated purge is not dated before the first one, nor is the destruction of its key.",
            (signup, scope) -> {
                List<String> found = new ArrayList<>();
                List<PurgeFact> purges = signup.all(PurgeFact.class);
                for (int i = 1; i < purges.size(); i++) {
                    PurgeFact first = purges.get(0);
                    PurgeFact again = purges.get(i);
                    if (again.purgedAtMillis() + ProcessClocks.LONGEST_STOP_MILLIS < first.purgedAtMillis()) {
                        found.add("a later Purged claims " + at(again.purgedAtMillis()) + " before the "
                                + at(first.purgedAtMillis()) + " of the first");
                    }
                    if (again.keyErasedAtMillis() + ProcessClocks.LONGEST_STOP_MILLIS < first.keyErasedAtMillis()) {
                        found.add("by a later Purged its key was destroyed at " + at(again.keyErasedAtMillis())
                                + ", by the first only at " + at(first.keyErasedAtMillis()));
                    }
                }
                return found.stream().distinct().toList();
            });

    static final Rule APPEND_TIME = Rule.ofRecord(
            "record-append-time",
            "Every record has the time at which Kafka appended it, not one set by its producer.",
            (record, scope) -> record.appendedByBroker()
                    ? List.of()
                    : List.of("its time, " + record.appendedAt() + ", was set by its producer"));

    static final Rule DATED_BACK = Rule.ofDating(
            "dated-back",
            "No event claims to be written long before Kafka appended it.",
            dating -> dating.claimed().isBefore(dating.record().appendedAt()) ? dated(dating) : List.of());

    static final Rule DATED_AHEAD = Rule.ofDating(
            "dated-ahead",
            "No event claims to be written after Kafka appended it.",
            dating -> dating.claimed().isBefore(dating.record().appendedAt()) ? List.of() : dated(dating));

    /** On records of any subject. */
    static final List<Rule> OF_RECORDS = List.of(APPEND_TIME, DATED_BACK, DATED_AHEAD);

    static final List<Rule> ALL = List.of(ATTEMPT, HOLD, GIVEN, REPEATED_PURGE);

    private OrderRules() {}

    private static List<String> dated(RecordTimes.Dating dating) {
        return List.of("it claims to be written at " + dating.claimed() + "; it was appended at "
                + dating.record().appendedAt());
    }

    private static Stream<String> startedTooEarly(SignupFacts signup, Contact contact) {
        OptionalLong chosen = signup.all(Assignment.class).stream()
                .filter(assignment -> assignment.broker().equals(contact.broker()))
                .mapToLong(Assignment::decidedAtMillis)
                .min();
        // A missing one is reported by another rule.
        return chosen.isPresent() && ProcessClocks.certainlyBefore(contact.startedAtMillis(), chosen.getAsLong())
                ? Stream.of("an attempt to " + contact.broker() + " started at " + at(contact.startedAtMillis())
                        + ", before the broker was chosen at " + at(chosen.getAsLong()))
                : Stream.of();
    }

    private static Stream<String> endedTooEarly(Contact contact) {
        return ProcessClocks.certainlyBefore(contact.endedAtMillis(), contact.startedAtMillis())
                ? Stream.of("an attempt to " + contact.broker() + " started at " + at(contact.startedAtMillis())
                        + " and ended at " + at(contact.endedAtMillis()))
                : Stream.of();
    }
}
