package org.brokerhandoff.audit.verify;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Breaches, in the order in which they were found; of each rule the first ones are kept, and the others counted. */
final class Violations {
    private final Map<String, List<Violation>> byRule = new LinkedHashMap<>();
    private final Map<String, Long> unlisted = new HashMap<>();

    void add(Violation violation) {
        List<Violation> kept = byRule.computeIfAbsent(violation.rule(), rule -> new ArrayList<>());
        if (kept.size() < Verdict.MOST_LISTED) {
            kept.add(violation);
        } else {
            unlisted.merge(violation.rule(), 1L, Long::sum);
        }
    }

    void add(Violations others) {
        others.byRule.values().forEach(violations -> violations.forEach(this::add));
        others.unlisted.forEach((rule, count) -> unlisted.merge(rule, count, Long::sum));
    }

    /** Those that are kept. */
    List<Violation> listed() {
        return byRule.values().stream().flatMap(List::stream).toList();
    }

    /** By rule, how many there are beside those. */
    Map<String, Long> unlisted() {
        return unlisted;
    }
}
