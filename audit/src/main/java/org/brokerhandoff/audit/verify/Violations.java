package org.brokerhandoff.audit.verify;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Violations, in the order found; the first ones of each rule are kept, the others counted. */
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

    /** Writes them to a state, for {@link #restore}. */
    void save(DataOutputStream out) throws IOException {
        List<Violation> all = listed();
        out.writeInt(all.size());
        for (Violation each : all) {
            out.writeUTF(each.rule());
            out.writeUTF(each.signupId().map(UUID::toString).orElse(""));
            out.writeUTF(each.place().orElse(""));
            out.writeUTF(each.sentence());
        }
        out.writeInt(unlisted.size());
        for (Map.Entry<String, Long> each : unlisted.entrySet()) {
            out.writeUTF(each.getKey());
            out.writeLong(each.getValue());
        }
    }

    /** Adds what {@link #save} wrote. */
    void restore(DataInputStream in) throws IOException {
        for (int left = in.readInt(); left > 0; left--) {
            add(new Violation(
                    in.readUTF(),
                    Optional.of(in.readUTF()).filter(id -> !id.isEmpty()).map(UUID::fromString),
                    Optional.of(in.readUTF()).filter(place -> !place.isEmpty()),
                    in.readUTF()));
        }
        for (int left = in.readInt(); left > 0; left--) {
            unlisted.merge(in.readUTF(), in.readLong(), Long::sum);
        }
    }

    /** Those kept. */
    List<Violation> listed() {
        return byRule.values().stream().flatMap(List::stream).toList();
    }

    /** By rule, the number of those not kept. */
    Map<String, Long> unlisted() {
        return unlisted;
    }
}
