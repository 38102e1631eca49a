package org.brokerhandoff.router.directory;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.brokerhandoff.event.RecipientKind;
import org.brokerhandoff.schemas.ContentKind;
import org.jspecify.annotations.Nullable;

/** Reads a broker's {@link Terms}. Pure. */
final class TermsParser {
    /** The members of a broker that are read here. */
    static final Set<String> MEMBERS = Set.of("legalEntity", "kind", "caps", "hours", "ping");

    private static final int MOST_PLACES = 1_000_000;

    private final String place;
    private final List<DirectoryProblem> problems;

    private TermsParser(String place, List<DirectoryProblem> problems) {
        this.place = place;
        this.problems = problems;
    }

    /**
     * The terms that {@code broker} writes.
     *
     * @param place where it stands
     * @param problems is added to
     */
    static Terms parse(String place, JsonNode broker, List<DirectoryProblem> problems) {
        return new TermsParser(place, problems).parse(broker);
    }

    private Terms parse(JsonNode broker) {
        JsonNode hours = object("/hours", broker.get("hours"), Set.of("zone", "open"));
        JsonNode caps = object("/caps", broker.get("caps"), Set.of("hourly", "daily", "zone"));
        Optional<String> hoursZone = hours == null ? Optional.empty() : zone("/hours/zone", hours.get("zone"), true);
        Optional<String> capsZone = caps == null ? Optional.empty() : zone("/caps/zone", caps.get("zone"), false);
        if (hoursZone.isPresent() && capsZone.isPresent() && !hoursZone.equals(capsZone)) {
            problem("/caps/zone", "must be the zone of hours, or be omitted", capsZone.get());
        }
        OptionalInt hourly = caps == null ? OptionalInt.empty() : cap("/caps/hourly", caps.get("hourly"));
        OptionalInt daily = caps == null ? OptionalInt.empty() : cap("/caps/daily", caps.get("daily"));
        if (caps != null && !caps.has("hourly") && !caps.has("daily")) {
            problem("/caps", "must have hourly or daily", "neither");
        }
        return new Terms(
                legalEntity(broker.get("legalEntity")),
                kind(broker.get("kind")),
                hourly,
                daily,
                hoursZone.or(() -> capsZone),
                hours == null ? List.of() : open(hours.get("open")),
                ping(broker.get("ping")));
    }

    private @Nullable JsonNode object(String member, @Nullable JsonNode node, Set<String> members) {
        if (node == null) {
            return null;
        }
        if (!node.isObject()) {
            problem(
                    member,
                    "must be an object of "
                            + String.join(", ", members.stream().sorted().toList()),
                    describe(node));
            return null;
        }
        node.fieldNames().forEachRemaining(name -> {
            if (!members.contains(name)) {
                problem(member + "/" + name, "is not a member here", "it");
            }
        });
        return node;
    }

    private Optional<String> zone(String member, @Nullable JsonNode node, boolean required) {
        if (node == null && !required) {
            return Optional.empty();
        }
        if (node == null || !node.isTextual() || !ContentKind.TIME_ZONE.matches(node.textValue())) {
            problem(member, "must be a time zone of the IANA database, such as Europe/Oslo", describe(node));
            return Optional.empty();
        }
        return Optional.of(node.textValue());
    }

    private OptionalInt cap(String member, @Nullable JsonNode node) {
        if (node == null) {
            return OptionalInt.empty();
        }
        if (!node.isInt() || node.intValue() < 1 || node.intValue() > MOST_PLACES) {
            problem(member, "must be a whole number from 1 to " + MOST_PLACES, describe(node));
            return OptionalInt.empty();
        }
        return OptionalInt.of(node.intValue());
    }

    private List<String> open(@Nullable JsonNode node) {
        List<String> open = new ArrayList<>();
        if (node == null || !node.isArray() || node.isEmpty()) {
            problem("/hours/open", "must be a list of days and times", describe(node));
            return open;
        }
        for (int i = 0; i < node.size(); i++) {
            JsonNode each = node.get(i);
            String text = each.isTextual() ? each.textValue() : "";
            if (!ContentKind.OPENING_HOURS.matches(text)) {
                problem("/hours/open/" + i, "must be days and times such as \"Mon-Fri 08:00-18:00\"", describe(each));
            } else if (text.endsWith(text.substring(text.indexOf(' ') + 1, text.indexOf(' ') + 6))) {
                // It could mean the whole day or none of it.
                problem("/hours/open/" + i, "must not end when it begins; a whole day is 00:00-24:00", describe(each));
            } else {
                open.add(text);
            }
        }
        return open;
    }

    private Optional<String> legalEntity(@Nullable JsonNode node) {
        if (node == null) {
            return Optional.empty();
        }
        if (!node.isTextual() || node.textValue().isBlank() || node.textValue().length() > 200) {
            problem("/legalEntity", "must be 1 to 200 characters", describe(node));
            return Optional.empty();
        }
        return Optional.of(node.textValue());
    }

    private RecipientKind kind(@Nullable JsonNode node) {
        if (node == null || "broker".equals(node.textValue())) {
            return RecipientKind.BROKER;
        } else if ("helpdesk".equals(node.textValue())) {
            return RecipientKind.HELPDESK;
        }
        problem("/kind", "must be broker or helpdesk", describe(node));
        return RecipientKind.BROKER;
    }

    private boolean ping(@Nullable JsonNode node) {
        if (node != null && !node.isBoolean()) {
            problem("/ping", "must be true or false", describe(node));
        }
        return node != null && node.asBoolean();
    }

    private void problem(String member, String rule, String found) {
        problems.add(new DirectoryProblem(place + member, rule, found));
    }

    private static String describe(@Nullable JsonNode node) {
        return DirectoryParser.describe(node);
    }
}
