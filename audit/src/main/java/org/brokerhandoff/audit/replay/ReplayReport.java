package org.brokerhandoff.audit.replay;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;

/**
 * Result of replaying decisions.
 *
 * @param counts what was replayed
 * @param differences all differences, in the order of the log
 */
public record ReplayReport(Counts counts, List<Difference> differences) {
    private static final int MOST_SHOWN = 20;
    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * What was replayed.
     *
     * @param assigned assignments
     * @param postponed findings that no broker could take a signup then
     * @param undeliverable findings that no broker can
     * @param overtaken number of these decisions that follow from the state of the log before a record written meanwhile
     * @param equal decisions with an equal result
     * @param directories directory versions
     * @param placesRequested requests for places
     * @param placesGranted places granted
     */
    public record Counts(
            long assigned,
            long postponed,
            long undeliverable,
            long overtaken,
            long equal,
            long directories,
            long placesRequested,
            long placesGranted) {
        /** All decisions. */
        public long decisions() {
            return assigned + postponed + undeliverable;
        }
    }

    /**
     * A difference.
     *
     * @param signupId signup of the decision, if any
     * @param place its position in the log, if it has a single one
     * @param what what differs
     * @param expected by the log
     * @param actual as recorded
     */
    public record Difference(
            Optional<UUID> signupId, Optional<String> place, String what, String expected, String actual) {}

    /** Copies the list. */
    public ReplayReport {
        differences = List.copyOf(differences);
    }

    /** Whether every decision is equal, from inputs that the log confirms. */
    public boolean equal() {
        return differences.isEmpty() && counts.equal() == counts.decisions();
    }

    /** For people: the counts, then up to 20 differences. Ends with a line break. */
    public String render() {
        StringBuilder text = new StringBuilder();
        text.append(line(
                "decisions",
                counts.decisions() + ": " + counts.assigned() + " assigned, " + counts.postponed() + " postponed, "
                        + counts.undeliverable() + " undeliverable"));
        text.append(line(
                "made from",
                counts.directories() + " versions of the directory, " + counts.placesGranted() + " places granted of "
                        + counts.placesRequested() + " asked for"));
        text.append(line(
                "equal",
                counts.equal()
                        + percentage()
                        + (counts.overtaken() == 0
                                ? ""
                                : "; " + counts.overtaken() + " of them decided before a record that overtook them")));
        for (Difference difference : differences.stream().limit(MOST_SHOWN).toList()) {
            text.append('\n')
                    .append(difference.signupId().map(UUID::toString).orElse("the directory"))
                    .append(difference.place().map(place -> "  " + place).orElse(""))
                    .append("  ")
                    .append(difference.what())
                    .append("\n  by the log  ")
                    .append(difference.expected())
                    .append("\n  recorded    ")
                    .append(difference.actual())
                    .append('\n');
        }
        if (differences.size() > MOST_SHOWN) {
            text.append("\nand ").append(differences.size() - MOST_SHOWN).append(" more; --json has them all\n");
        }
        return text.toString();
    }

    private String percentage() {
        return counts.decisions() == 0
                ? ""
                : String.format(Locale.ROOT, " (%.4g %%)", 100.0 * counts.equal() / counts.decisions());
    }

    private static String line(String name, String value) {
        return String.format(Locale.ROOT, "%-10s %s%n", name, value);
    }

    /** For programs: all of it as one JSON object. Ends with a line break. */
    public String json() {
        ObjectNode root = JsonNodeFactory.instance.objectNode().put("equal", equal());
        root.putObject("counts")
                .put("decisions", counts.decisions())
                .put("assigned", counts.assigned())
                .put("postponed", counts.postponed())
                .put("undeliverable", counts.undeliverable())
                .put("overtaken", counts.overtaken())
                .put("equal", counts.equal())
                .put("directories", counts.directories())
                .put("placesRequested", counts.placesRequested())
                .put("placesGranted", counts.placesGranted());
        ArrayNode array = root.putArray("differences");
        for (Difference difference : differences) {
            ObjectNode node = array.addObject();
            difference.signupId().ifPresent(id -> node.put("signupId", id.toString()));
            difference.place().ifPresent(place -> node.put("place", place));
            node.put("what", difference.what())
                    .put("expected", difference.expected())
                    .put("actual", difference.actual());
        }
        try {
            return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(root) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree of texts and numbers can be written", e);
        }
    }
}
