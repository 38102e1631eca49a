package org.brokerhandoff.audit.verify;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.brokerhandoff.audit.replay.PlaceBook;

/**
 * The acceptances in each window of a broker with caps, counted over all signups. Each counts in the window of its place; one without a place
 * is covered by the rule about that.
 */
final class Windows {
    private final Map<Window, Integer> acceptances = new HashMap<>();

    private record Window(String broker, Instant start, boolean day, int cap) {}

    /** Counts the signup's acceptance, if there is one. */
    void add(SignupFacts signup, Scope scope) {
        PlaceBook places = scope.places();
        signup.first(Fact.Acceptance.class)
                .flatMap(accepted -> RoutingRules.grant(
                        signup, accepted.broker(), Instant.ofEpochMilli(accepted.startedAtMillis()), scope))
                .ifPresent(grant -> {
                    String broker = grant.broker();
                    count(new Window(broker, grant.hour(), false, places.hourlyCap(broker, grant.hour())));
                    count(new Window(broker, grant.day(), true, places.dailyCap(broker, grant.day())));
                });
    }

    /** Adds the counts of other partitions. */
    void add(Windows other) {
        other.acceptances.forEach((window, count) -> acceptances.merge(window, count, Integer::sum));
    }

    private void count(Window window) {
        acceptances.merge(window, 1, Integer::sum);
    }

    /** Windows with more acceptances than their cap allows. */
    List<String> exceeded() {
        List<String> found = new ArrayList<>();
        acceptances.entrySet().stream()
                .filter(entry -> entry.getValue() > entry.getKey().cap())
                .sorted(Comparator.comparing((Map.Entry<Window, Integer> entry) ->
                                entry.getKey().start())
                        .thenComparing(entry -> entry.getKey().broker())
                        .thenComparing(entry -> entry.getKey().day()))
                .forEach(entry -> found.add(entry.getKey().broker() + " accepted " + entry.getValue()
                        + (entry.getKey().day() ? " on the day" : " in the hour") + " that began at "
                        + entry.getKey().start() + ", and its cap is "
                        + entry.getKey().cap()));
        return found;
    }
}
