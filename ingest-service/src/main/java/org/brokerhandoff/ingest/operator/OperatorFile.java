package org.brokerhandoff.ingest.operator;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.brokerhandoff.event.DocumentKind;
import org.brokerhandoff.operations.configuration.StrictYaml;
import org.brokerhandoff.operations.configuration.YamlReading;
import org.brokerhandoff.schemas.ContentKind;

/** Reads {@code operator.yaml}. */
public final class OperatorFile {
    private static final Set<String> MEMBERS = Set.of(
            "name",
            "address",
            "contact",
            "dataProtectionOfficer",
            "jurisdiction",
            "processors",
            "notices",
            "extraMembers");
    private static final Set<String> PROCESSOR_MEMBERS = Set.of("name", "purpose", "country");
    private static final Set<String> COUNTRIES = Set.of(Locale.getISOCountries());
    private static final int MOST_CHARACTERS = 200;
    private static final int MOST_PROCESSORS = 100;
    private static final int MOST_EXTRA_MEMBERS = 100;
    private static final Pattern EMAIL = Pattern.compile("[^@\\s<>\"]{1,64}@[A-Za-z0-9.-]{1,120}\\.[A-Za-z]{2,10}");
    private static final String TEXT_RULE = "must be 1 to " + MOST_CHARACTERS + " characters";
    private static final String CONTACT_RULE = "must be an e-mail address or an https address";
    private static final String COUNTRY_RULE = "must be an ISO 3166-1 alpha-2 code";

    private final YamlReading yaml;
    private final List<String> problems = new ArrayList<>();

    private OperatorFile(YamlReading yaml) {
        this.yaml = yaml;
    }

    /**
     * The operator in {@code file}.
     *
     * @throws InvalidOperator with all problems together
     */
    public static Operator read(Path file) {
        try {
            return parse(file, Files.readAllBytes(file));
        } catch (IOException e) {
            throw new InvalidOperator(
                    file, List.of("cannot be read: " + e.getClass().getSimpleName()));
        }
    }

    /**
     * The operator that {@code content} describes.
     *
     * @param file named in messages
     * @throws InvalidOperator with all problems together
     */
    static Operator parse(Path file, byte[] content) {
        YamlReading yaml = StrictYaml.read(content);
        OperatorFile reading = new OperatorFile(yaml);
        yaml.problems().forEach(problem -> reading.problems.add(problem.toString()));
        Operator operator = reading.operator();
        if (!reading.problems.isEmpty()) {
            throw new InvalidOperator(file, reading.problems);
        }
        return operator;
    }

    private Operator operator() {
        JsonNode root = yaml.root();
        if (!root.isObject()) {
            problem("", "must be an object with name, address, contact and jurisdiction");
        }
        unknown("", root, MEMBERS);
        return new Operator(
                text("", root, "name", OperatorFile::short200, TEXT_RULE),
                text("", root, "address", OperatorFile::short200, TEXT_RULE),
                text("", root, "contact", OperatorFile::contact, CONTACT_RULE),
                root.has("dataProtectionOfficer")
                        ? Optional.of(text("", root, "dataProtectionOfficer", OperatorFile::contact, CONTACT_RULE))
                        : Optional.empty(),
                text("", root, "jurisdiction", COUNTRIES::contains, COUNTRY_RULE),
                processors(root.path("processors")),
                new Operator.Website(notices(root.path("notices")), extraMembers(root.path("extraMembers"))));
    }

    private List<Operator.Processor> processors(JsonNode list) {
        List<Operator.Processor> processors = new ArrayList<>();
        if (list.isMissingNode()) {
            return processors;
        }
        if (!list.isArray() || list.size() > MOST_PROCESSORS) {
            problem("/processors", "must be a list of at most " + MOST_PROCESSORS);
            return processors;
        }
        for (int i = 0; i < list.size(); i++) {
            String place = "/processors/" + i;
            JsonNode node = list.get(i);
            if (!node.isObject()) {
                problem(place, "must be an object of name, purpose and country");
                continue;
            }
            unknown(place, node, PROCESSOR_MEMBERS);
            processors.add(new Operator.Processor(
                    text(place, node, "name", OperatorFile::short200, TEXT_RULE),
                    text(place, node, "purpose", OperatorFile::short200, TEXT_RULE),
                    text(place, node, "country", COUNTRIES::contains, COUNTRY_RULE)));
        }
        return processors;
    }

    private Optional<Set<String>> extraMembers(JsonNode list) {
        if (list.isMissingNode()) {
            return Optional.empty();
        }
        Set<String> names = new LinkedHashSet<>();
        if (!list.isArray() || list.size() > MOST_EXTRA_MEMBERS) {
            problem("/extraMembers", "must be a list of at most " + MOST_EXTRA_MEMBERS + " names");
            return Optional.of(names);
        }
        for (int i = 0; i < list.size(); i++) {
            JsonNode name = list.get(i);
            if (!name.isTextual() || !ContentKind.MEMBER_NAME.matches(name.textValue())) {
                problem("/extraMembers/" + i, "must be 1 to 40 letters a-z and A-Z, digits and underscores");
            } else if (!names.add(name.textValue())) {
                problem("/extraMembers/" + i, "must not be listed twice");
            }
        }
        return Optional.of(names);
    }

    private Map<DocumentKind, String> notices(JsonNode node) {
        Map<DocumentKind, String> notices = new EnumMap<>(DocumentKind.class);
        if (node.isMissingNode()) {
            return notices;
        }
        if (!node.isObject()) {
            problem("/notices", "must be an object of privacy, cookies and terms");
            return notices;
        }
        Set<String> kinds = new java.util.TreeSet<>();
        for (DocumentKind kind : DocumentKind.values()) {
            String name = kind.name().toLowerCase(Locale.ROOT);
            kinds.add(name);
            if (node.has(name)) {
                notices.put(kind, text("/notices", node, name, OperatorFile::page, "must be an https address"));
            }
        }
        unknown("/notices", node, kinds);
        return notices;
    }

    private String text(String place, JsonNode node, String member, Predicate<String> valid, String rule) {
        JsonNode value = node.path(member);
        if (!value.isTextual() || !valid.test(value.textValue())) {
            problem(place + "/" + member, rule + (value.isMissingNode() ? "; there is nothing" : ""));
            return "";
        }
        return value.textValue();
    }

    private void unknown(String place, JsonNode node, Set<String> known) {
        node.fieldNames().forEachRemaining(name -> {
            if (!known.contains(name)) {
                problem(
                        place + "/" + YamlReading.token(name),
                        "is not a member here; the members are "
                                + String.join(", ", known.stream().sorted().toList()));
            }
        });
    }

    /** The value found is not shown: the file has addresses of offices, but may contain a person's by mistake. */
    private void problem(String place, String rule) {
        int line = yaml.lineOf(place);
        if (!yaml.hasProblemAt(line)) {
            problems.add("line " + line + ", " + (place.isEmpty() ? "/" : StrictYaml.shown(place)) + ": " + rule);
        }
    }

    private static boolean short200(String text) {
        return !text.isBlank() && text.length() <= MOST_CHARACTERS;
    }

    private static boolean contact(String text) {
        return short200(text) && (EMAIL.matcher(text).matches() || page(text));
    }

    private static boolean page(String text) {
        try {
            URI uri = new URI(text);
            return short200(text)
                    && "https".equals(uri.getScheme())
                    && uri.getHost() != null
                    && uri.getUserInfo() == null;
        } catch (URISyntaxException e) {
            return false;
        }
    }
}
