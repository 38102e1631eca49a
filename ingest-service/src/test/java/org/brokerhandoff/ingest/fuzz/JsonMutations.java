package org.brokerhandoff.ingest.fuzz;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Mutations of a JSON value that violate its schema, or are at its limits. */
final class JsonMutations {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** JSON texts of every type and size; {@code §} becomes the canary. */
    private static final List<String> VALUES = List.of(
            "null",
            "true",
            "false",
            "0",
            "-1",
            "1.5",
            "1e400",
            "-1E-400",
            "123456789012345678901234567890",
            "9".repeat(80),
            "9".repeat(3000),
            "\"\"",
            "\" \"",
            "\"§\"",
            "[]",
            "{}",
            "[\"§\"]",
            "[null]",
            "[[\"§\"]]",
            "{\"§\":\"§\"}",
            "{\"\":\"§\",\"§\":{\"§\":[1]}}",
            "[".repeat(15) + "]".repeat(15),
            "[".repeat(17) + "]".repeat(17),
            "[".repeat(3000) + "]".repeat(3000),
            "{\"§\":".repeat(16) + "1" + "}".repeat(16),
            "\"§" + "x".repeat(200) + "\"",
            "\"§" + "x".repeat(5000) + "\"",
            "\"§" + "æ".repeat(128) + "\"",
            "\"" + "§".repeat(300) + "\"",
            "[" + "\"§\",".repeat(200) + "\"§\"]");

    /** Ambiguous or invisible texts. */
    private static final List<String> ODD = List.of(
            "\\u0000",
            "\\ud800",
            "\\udc00\\ud800",
            "\\ud83d\\ude00",
            "\\u202e",
            "\\u2066§\\u2069",
            "\\ufeff",
            "\\uffff",
            "\\u200d",
            "\\u00ad",
            "\\r\\n",
            "\\u2028",
            "\\b\\f",
            "\\\\",
            "\\/",
            "\\\"",
            "%00",
            "${jndi:ldap://§}",
            "<script>§</script>",
            "' OR 1=1 --§",
            "../../§",
            "%s%n%x",
            "{}",
            "مرحبا",
            "ﷺ",
            "Z̸͑",
            "𝕂𝕒𝕣𝕚",
            "\u0130I\u0131",
            "ß",
            "한글");

    private static final List<String> TIMES = List.of(
            "2026-02-30T00:00:00Z",
            "2026-11-22T24:00:00Z",
            "2026-11-22T13:00:60Z",
            "+999999999-12-31T23:59:59.999999999Z",
            "-999999999-01-01T00:00:00Z",
            "9999-12-31T23:59:59Z",
            "0000-01-01T00:00:00Z",
            "1969-12-31T23:59:59.999Z",
            "2026-11-22T13:00:00+25:00",
            "2026-11-22T13:00:00-00:00",
            "2026-11-22t13:00:00z",
            "2026-11-22 13:00:00Z",
            "2026-11-22T13:00Z",
            "2026-11-22T13:00:00",
            "2026-11-22T13:00:00.1234567890123Z",
            "2026-11-22T13:00:00,5Z",
            "2026-11-22T13:00:00Z[Europe/Oslo]",
            "1763816400",
            "２０２６-11-22T13:00:00Z");

    private final ApiDescription description;
    private final String canary;
    private final Random random;

    JsonMutations(ApiDescription description, String canary, Random random) {
        this.description = description;
        this.canary = canary;
        this.random = random;
    }

    /** One place of a value: a member or an element, or the whole. */
    private record Place(JsonNode parent, String name, int index, JsonNode value, JsonNode schema) {}

    /** {@code example} with one to three changes, as text; it need not be JSON any more. */
    String mutated(JsonNode example, JsonNode schema) {
        ObjectNode whole = JSON.createObjectNode();
        whole.set("whole", example.deepCopy());
        for (int changes = 1 + random.nextInt(3); changes > 0 && whole.has("whole"); changes--) {
            List<Place> places = new ArrayList<>();
            collect(whole, "whole", -1, whole.get("whole"), schema, places);
            change(places.get(random.nextInt(places.size())));
        }
        try {
            return whole.has("whole") ? JSON.writeValueAsString(whole.get("whole")) : "";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private void collect(JsonNode parent, String name, int index, JsonNode value, JsonNode schema, List<Place> places) {
        places.add(new Place(parent, name, index, value, schema));
        if (value.isObject()) {
            value.properties()
                    .forEach(member -> collect(
                            value,
                            member.getKey(),
                            -1,
                            member.getValue(),
                            description.member(schema, member.getKey()),
                            places));
        } else if (value.isArray()) {
            for (int i = 0; i < value.size(); i++) {
                collect(value, "", i, value.get(i), description.first(schema, "items"), places);
            }
        }
    }

    private void change(Place place) {
        if (place.parent() instanceof ArrayNode array) {
            element(array, place);
            return;
        }
        ObjectNode object = (ObjectNode) place.parent();
        switch (random.nextInt(10)) {
            case 0 -> object.remove(place.name());
            case 1 -> // twice, perhaps with another value
                object.putRawValue(
                        place.name(),
                        new RawValue(text(place) + "," + quoted(place.name()) + ":"
                                + (random.nextBoolean() ? text(place) : value(place))));
            case 2 -> {
                object.remove(place.name());
                object.set(
                        random.nextBoolean() ? canary : place.name().toUpperCase(java.util.Locale.ROOT), place.value());
            }
            case 3 -> {
                if (place.value() instanceof ObjectNode inner) {
                    inner.putRawValue(oddName(), new RawValue(value(place)));
                } else {
                    object.putRawValue(oddName(), new RawValue(value(place)));
                }
            }
            default -> object.putRawValue(place.name(), new RawValue(value(place)));
        }
    }

    private void element(ArrayNode array, Place place) {
        switch (random.nextInt(4)) {
            case 0 -> array.remove(place.index());
            case 1 -> array.add(place.value());
            default -> array.set(place.index(), JSON.getNodeFactory().rawValueNode(new RawValue(value(place))));
        }
    }

    private String oddName() {
        return List.of(canary, "", "__proto__", canary + "/~1~0", "a".repeat(300) + canary, "person")
                .get(random.nextInt(6));
    }

    private String value(Place place) {
        JsonNode limit = description.first(place.schema(), "maxLength");
        JsonNode allowed = description.first(place.schema(), "enum");
        return switch (random.nextInt(10)) {
            case 0 -> "\"" + pick(ODD).replace("§", canary) + canary + "\"";
            case 1 ->
                place.value().isTextual()
                        ? "\"" + escaped(place) + pick(ODD).replace("§", canary) + "\""
                        : quoted(text(place));
            case 2 -> quoted(pick(TIMES));
            case 3 ->
                allowed.isArray() ? allowed.get(random.nextInt(allowed.size())).toString() : quoted(canary);
            case 4 ->
                limit.isInt() && limit.asInt() <= 5000
                        ? quoted("a".repeat(limit.asInt() + random.nextInt(2)))
                        : quoted(" " + canary + " ");
            case 5 ->
                place.value().isTextual()
                        ? quoted(place.value().asText().toUpperCase(java.util.Locale.ROOT))
                        : "[" + text(place) + "]";
            default -> pick(VALUES).replace("§", canary);
        };
    }

    private static String text(Place place) {
        return place.value().isPojo() ? "null" : place.value().toString();
    }

    private static String escaped(Place place) {
        String quoted = place.value().toString();
        return quoted.substring(1, quoted.length() - 1);
    }

    private static String quoted(String text) {
        return JSON.getNodeFactory().textNode(text).toString();
    }

    private String pick(List<String> all) {
        return all.get(random.nextInt(all.size()));
    }
}
