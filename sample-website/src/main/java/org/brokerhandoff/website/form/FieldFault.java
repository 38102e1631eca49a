package org.brokerhandoff.website.form;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What ingest found wrong with a field of a form.
 *
 * @param field the form's name of the field
 * @param code ingest's code, such as {@code required}
 */
public record FieldFault(String field, String code) {
    private static final Map<String, String> FIELDS = Map.ofEntries(
            Map.entry("/person/fullName", "fullName"),
            Map.entry("/person/email", "email"),
            Map.entry("/person/country", "country"),
            Map.entry("/person/phone", "phone"),
            Map.entry("/person/extra", "city"),
            Map.entry("/consent/recipients", "recipients"),
            Map.entry("/consent/policyVersion", "policy"),
            Map.entry("/name", "name"),
            Map.entry("/email", "email"),
            Map.entry("/subject", "subject"),
            Map.entry("/text", "text"));
    /** As the pages have them from top to bottom. */
    private static final List<String> ORDER =
            List.of("fullName", "name", "email", "subject", "text", "country", "phone", "city", "recipients", "policy");

    /**
     * The faults that a problem (RFC 9457) names, in the order of the page, one for each field.
     *
     * @return empty if it names none that a person could mend
     */
    public static List<FieldFault> in(JsonNode problem) {
        List<FieldFault> faults = new ArrayList<>();
        for (JsonNode error : problem.path("errors")) {
            String code = error.path("code").asText();
            Optional<String> field = field(error.path("pointer").asText());
            if (field.isPresent() && faults.stream().noneMatch(fault -> fault.field.equals(field.get()))) {
                faults.add(new FieldFault(field.get(), code));
            }
        }
        if (faults.isEmpty() && problem.path("code").asText().startsWith("policy-")) {
            faults.add(new FieldFault("policy", problem.path("code").asText()));
        }
        faults.sort((one, other) -> ORDER.indexOf(one.field) - ORDER.indexOf(other.field));
        return List.copyOf(faults);
    }

    /** The field that a pointer leads to, or into. */
    private static Optional<String> field(String pointer) {
        return FIELDS.entrySet().stream()
                .filter(entry -> pointer.equals(entry.getKey()) || pointer.startsWith(entry.getKey() + "/"))
                .map(Map.Entry::getValue)
                .findFirst();
    }
}
