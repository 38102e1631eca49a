package org.brokerhandoff.audit.verify;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.brokerhandoff.audit.verify.Fact.Acceptance;
import org.brokerhandoff.audit.verify.Fact.Assignment;
import org.brokerhandoff.audit.verify.Fact.Postponement;
import org.brokerhandoff.audit.verify.Fact.Refusal;
import org.brokerhandoff.audit.verify.Fact.Release;
import org.brokerhandoff.audit.verify.Fact.Undeliverable;
import org.jspecify.annotations.Nullable;

/** Rules on the handoff: recorded before it happens, to one broker at a time, accepted by one. */
final class HandoffRules {
    static final Rule ASSIGNED_BEFORE = Rule.ofSignup(
            "assigned-before-handoff",
            "No broker is contacted unless its assignment stood in the log before.",
            (signup, scope) -> signup.contacts()
                    .filter(contact -> signup.all(Assignment.class).stream()
                            .noneMatch(assignment -> assignment.broker().equals(contact.broker())
                                    && assignment.offset() < contact.offset()))
                    .map(contact -> contact.eventName() + " of " + contact.broker() + " at offset " + contact.offset()
                            + " has no Assigned to that broker before it")
                    .toList());

    static final Rule ONE_AT_A_TIME = Rule.ofSignup(
            "next-broker-after-refusal",
            "A further broker is assigned only after the one before refused, or was released because it certainly has nothing.",
            (signup, scope) -> {
                SortedMap<Integer, List<Assignment>> hops = new TreeMap<>(
                        signup.all(Assignment.class).stream().collect(Collectors.groupingBy(Assignment::hop)));
                List<String> found = new ArrayList<>();
                for (Map.Entry<Integer, List<Assignment>> hop : hops.entrySet()) {
                    String brokers = hop.getValue().stream()
                            .map(Assignment::broker)
                            .distinct()
                            .collect(Collectors.joining(" and "));
                    if (hop.getValue().stream()
                                    .map(Assignment::broker)
                                    .distinct()
                                    .count()
                            > 1) {
                        found.add("hop " + hop.getKey() + " was assigned to " + brokers);
                    }
                    if (hop.getKey() != 0 && !refusedBefore(signup, hops.get(hop.getKey() - 1), hop.getValue())) {
                        found.add(brokers + " was assigned, hop " + hop.getKey()
                                + ", before the broker of the hop before refused or was released");
                    }
                }
                return found;
            });

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
            "Every decision names a version of the broker directory that stands in the log.",
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
                    : List.of("a decision was made by a directory that was never published"));

    static final List<Rule> ALL = List.of(ASSIGNED_BEFORE, ONE_AT_A_TIME, ONE_ACCEPTANCE, DIRECTORY);

    private HandoffRules() {}

    private static boolean refusedBefore(
            SignupFacts signup, @Nullable List<Assignment> previous, List<Assignment> next) {
        if (previous == null) {
            return false;
        }
        long assigned = next.stream().mapToLong(Assignment::offset).min().orElseThrow();
        Stream<String> refused = signup.all(Refusal.class).stream()
                .filter(refusal -> refusal.offset() < assigned)
                .map(Refusal::broker);
        Stream<String> released = signup.all(Release.class).stream()
                .filter(release -> release.offset() < assigned)
                .map(Release::broker);
        return Stream.concat(refused, released)
                .anyMatch(broker -> previous.stream().map(Assignment::broker).anyMatch(broker::equals));
    }
}
