package org.brokerhandoff.audit.verify;

import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.brokerhandoff.audit.verify.Fact.Acceptance;
import org.brokerhandoff.audit.verify.Fact.Assignment;
import org.brokerhandoff.audit.verify.Fact.Contact;
import org.brokerhandoff.audit.verify.Fact.End;
import org.brokerhandoff.audit.verify.Fact.Postponement;
import org.brokerhandoff.audit.verify.Fact.Undeliverable;

/** Rules on the handoff: recorded before it happens, with one broker at a time, accepted by one. */
final class HandoffRules {
    private static final int CONFLICT = 409;

    static final Rule ASSIGNED_BEFORE = Rule.ofSignup(
            "assigned-before-handoff",
            "No broker is contacted unless its assignment was in the log before.",
            (signup, scope) -> signup.contacts()
                    .filter(contact -> signup.all(Assignment.class).stream()
                            .noneMatch(assignment -> assignment.broker().equals(contact.broker())
                                    && assignment.offset() < contact.offset()))
                    .map(contact -> contact.eventName() + " of " + contact.broker() + " at offset " + contact.offset()
                            + " has no Assigned to that broker before it")
                    .toList());

    static final Rule ONE_AT_A_TIME = Rule.ofSignup(
            "next-broker-after-refusal",
            "Another broker is contacted, and another hop assigned, only after the previous one refused, or was released because it certainly"
                    + " does not have the signup.",
            (signup, scope) -> Stream.concat(contactsTooEarly(signup), hopsTooEarly(signup))
                    .distinct()
                    .toList());

    static final Rule ONE_ACCEPTANCE =
            Rule.ofSignup("one-broker-accepts", "At most one broker accepted the signup.", (signup, scope) -> {
                List<String> brokers = signup.all(Acceptance.class).stream()
                        .map(Acceptance::broker)
                        .distinct()
                        .toList();
                return brokers.size() <= 1 ? List.of() : List.of(String.join(" and ", brokers) + " accepted it");
            });

    static final Rule DIRECTORY = Rule.ofSignup(
            "directory-published",
            "Every decision names a version of the broker directory that is in the log.",
            (signup, scope) -> Stream.of(
                                    signup.all(Assignment.class).stream().map(Assignment::directory),
                                    signup.all(Undeliverable.class).stream().map(Undeliverable::directory),
                                    signup.all(Postponement.class).stream().map(Postponement::directory))
                            .flatMap(digests -> digests)
                            .allMatch(digest -> scope.publications()
                                    .directories()
                                    .version(digest)
                                    .isPresent())
                    ? List.of()
                    : List.of("a decision was made with a directory that was never published"));

    static final Rule STATUS = Rule.ofSignup(
            "accepted-by-status",
            "A broker has accepted only what it answered with success, or with the conflict that says it already has the signup.",
            (signup, scope) -> signup.all(Acceptance.class).stream()
                    .filter(accepted -> accepted.status() != CONFLICT && accepted.status() / 100 != 2)
                    .map(accepted -> "Delivered of " + accepted.broker() + " has the status " + accepted.status())
                    .distinct()
                    .toList());

    static final List<Rule> ALL = List.of(ASSIGNED_BEFORE, ONE_AT_A_TIME, ONE_ACCEPTANCE, STATUS, DIRECTORY);

    private HandoffRules() {}

    /** Two routers may both assign during a takeover, and the slot decides who sends: only contacts count. That two accept is a separate rule. */
    private static Stream<String> contactsTooEarly(SignupFacts signup) {
        List<Contact> contacts = signup.all(Contact.class);
        return contacts.stream()
                .flatMap(later -> contacts.stream()
                        .filter(earlier -> earlier.offset() < later.offset()
                                && !earlier.broker().equals(later.broker())
                                && !(earlier instanceof Acceptance && later instanceof Acceptance)
                                && mayHaveIt(signup, earlier, later.offset())
                                && !recordedLate(signup, later, earlier.broker()))
                        .map(earlier -> later.broker() + " was contacted before " + earlier.broker()
                                + ", contacted before it, refused or was released"));
    }

    private static boolean mayHaveIt(SignupFacts signup, Contact contact, long offset) {
        return contact instanceof Acceptance || !coveredBefore(signup, contact, offset);
    }

    /** Whether a release before {@code offset} states that the contact left nothing: not if the contact came after that release. */
    private static boolean coveredBefore(SignupFacts signup, Contact contact, long offset) {
        return signup.all(End.class).stream().anyMatch(end -> end.offset() < offset && end.covers(contact));
    }

    /** A router that has lost its partition may report its last attempt after another has received the refusal and continued. */
    private static boolean recordedLate(SignupFacts signup, Contact contact, String next) {
        return !(contact instanceof Acceptance)
                && coveredBefore(signup, contact, contact.offset())
                && signup.contacts()
                        .filter(other -> other.broker().equals(next))
                        .allMatch(other -> contact.attempt() < other.attempt());
    }

    private static Stream<String> hopsTooEarly(SignupFacts signup) {
        SortedMap<Integer, List<Assignment>> hops =
                new TreeMap<>(signup.all(Assignment.class).stream().collect(Collectors.groupingBy(Assignment::hop)));
        return hops.entrySet().stream()
                .filter(hop -> hop.getKey() != 0)
                .filter(hop -> !oneEndedBefore(signup, hops.getOrDefault(hop.getKey() - 1, List.of()), hop.getValue()))
                .map(hop -> brokers(hop.getValue()) + " was assigned, hop " + hop.getKey()
                        + ", before the broker of the previous hop refused or was released");
    }

    private static boolean oneEndedBefore(SignupFacts signup, List<Assignment> previous, List<Assignment> next) {
        long assigned = next.stream().mapToLong(Assignment::offset).min().orElseThrow();
        return previous.stream().anyMatch(assignment -> endedBefore(signup, assignment.broker(), assigned));
    }

    private static boolean endedBefore(SignupFacts signup, String broker, long offset) {
        return signup.all(End.class).stream().anyMatch(end -> end.broker().equals(broker) && end.offset() < offset);
    }

    private static String brokers(List<Assignment> assignments) {
        return assignments.stream().map(Assignment::broker).distinct().collect(Collectors.joining(" and "));
    }
}
