package org.brokerhandoff.audit.verify;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.brokerhandoff.audit.canary.CanaryStatement;
import org.brokerhandoff.event.CanaryChecked;
import org.brokerhandoff.event.PurgeReason;
import org.brokerhandoff.schemas.CanaryBrokers;

/** Rules on the results of retention canaries. */
final class CanaryRules {
    static final Rule SIGNED = Rule.ofRecord(
            "canary-signed",
            "The result of a retention canary is signed by the key that it names.",
            (record, scope) -> record
                    .event()
                    .filter(event -> event instanceof CanaryChecked checked && !CanaryStatement.holds(checked))
                    .map(event -> "its signature does not cover its content")
                    .stream()
                    .toList());

    static final Rule CONSISTENT = Rule.ofSignup(
            "canary-consistent",
            "The result of a retention canary fits its signup: only canary brokers got it, and the verdict follows from its purge and from what was found.",
            (signup, scope) -> signup.all(CanaryFact.class).stream()
                    .flatMap(canary -> faults(canary, signup).stream())
                    .toList());

    static final List<Rule> ALL = List.of(SIGNED, CONSISTENT);

    private CanaryRules() {}

    private static List<String> faults(CanaryFact canary, SignupFacts signup) {
        List<String> found = new ArrayList<>();
        if (!signup.has(Fact.Ground.class)) {
            found.add("a canary was searched for that was never accepted");
        }
        if (signup.all(Fact.Ground.class).stream().anyMatch(ground -> !CanaryBrokers.areAll(ground.recipients()))) {
            found.add("a signup searched for as a canary might go to brokers that are not canary brokers");
        }
        if (canary.planted() < 1) {
            found.add("a canary was searched for without a control");
        }
        if (canary.checkedAtMillis() < canary.sentAtMillis()) {
            found.add("the canary was searched for before it was sent");
        }
        if (!follows(canary, signup.all(PurgeFact.class))) {
            found.add("the canary's verdict " + canary.verdict() + " does not follow from its purge and the findings");
        }
        return found;
    }

    /** The purge may precede or follow the canary's check slightly, by the clocks of two processes, so either is accepted there. */
    private static boolean follows(CanaryFact canary, List<PurgeFact> purges) {
        Stream<Optional<PurgeReason>> seen = purges.stream()
                .filter(purge -> !ProcessClocks.certainlyBefore(canary.checkedAtMillis(), purge.purgedAtMillis()))
                .map(purge -> Optional.of(purge.reason()));
        Stream<Optional<PurgeReason>> unseen = purges.stream()
                        .anyMatch(purge ->
                                ProcessClocks.certainlyBefore(purge.purgedAtMillis(), canary.checkedAtMillis()))
                ? Stream.of()
                : Stream.of(Optional.empty());
        return Stream.concat(seen, unseen)
                .anyMatch(purge ->
                        CanaryStatement.verdict(purge, canary.findings(), canary.unreadable()) == canary.verdict());
    }
}
