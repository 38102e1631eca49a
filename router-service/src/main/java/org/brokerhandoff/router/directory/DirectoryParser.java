package org.brokerhandoff.router.directory;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.brokerhandoff.custody.BrokerTag;
import org.brokerhandoff.event.RecipientKind;
import org.brokerhandoff.operations.configuration.StrictYaml;
import org.brokerhandoff.operations.configuration.YamlReading;
import org.brokerhandoff.schemas.CanaryBrokers;
import org.brokerhandoff.schemas.ContentKind;
import org.brokerhandoff.schemas.EventCodec;
import org.brokerhandoff.schemas.LanguageTags;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code brokers.yaml}. Pure: the text and the secrets' contents come in, a directory or the list of all its problems goes
 * out.
 */
public final class DirectoryParser {
    private static final Set<String> MEMBERS = Set.of(
            "id",
            "name",
            "countries",
            "languages",
            "transferBasis",
            "privacyPolicy",
            "endpoint",
            "notices",
            "secretFiles",
            "priority",
            "weight",
            FieldMappingParser.MEMBER,
            "local",
            "status");
    static final String PRIVATE_FILE = "must be a file that only this service can read";

    private static final Set<String> COUNTRIES = Set.of(Locale.getISOCountries());

    private final NamedFiles files;
    private final EventCodec codec;
    private final List<DirectoryProblem> problems = new ArrayList<>();
    private final EntryReader members;

    private DirectoryParser(NamedFiles files, EventCodec codec) {
        this.files = files;
        this.codec = codec;
        this.members = new EntryReader(files, problems::add);
    }

    /**
     * Reads a directory.
     *
     * @param yaml the file's bytes
     * @param files the files that the directory names
     */
    public static ParsedDirectory parse(byte[] yaml, NamedFiles files, EventCodec codec) {
        return new DirectoryParser(files, codec).parse(StrictYaml.read(yaml));
    }

    private ParsedDirectory parse(YamlReading yaml) {
        List<Broker> brokers = yaml.hasContent() ? brokers(yaml.root()) : List.of();
        List<DirectoryProblem> all = DirectoryProblem.located(yaml, problems);
        return all.isEmpty()
                ? new ParsedDirectory.Valid(BrokerDirectory.of(brokers, codec))
                : new ParsedDirectory.Invalid(all);
    }

    private List<Broker> brokers(JsonNode root) {
        root.fieldNames().forEachRemaining(name -> {
            if (!name.equals("brokers")) {
                problem("/" + name, "is not a member of the directory", "it");
            }
        });
        List<Broker> brokers = new ArrayList<>();
        JsonNode list = root.get("brokers");
        if (list == null || !list.isArray() || list.isEmpty()) {
            problem("/brokers", "must be a list of at least one broker", describe(list));
            return brokers;
        }
        for (int i = 0; i < list.size(); i++) {
            broker("/brokers/" + i, list.get(i)).ifPresent(brokers::add);
        }
        distinct(brokers);
        return brokers;
    }

    private void distinct(List<Broker> brokers) {
        Set<String> ids = new HashSet<>();
        Map<BrokerTag, String> tags = new HashMap<>(Map.of(BrokerTag.TAKEN_BACK, "nobody"));
        for (Broker broker : brokers) {
            if (!ids.add(broker.id())) {
                problem("/brokers", "ids must be distinct", broker.id() + " twice");
            } else {
                String other = tags.put(BrokerTag.of(broker.id()), broker.id());
                if (other != null) {
                    // 24 bits of a digest stand for the broker in a custody slot; two brokers must not share them.
                    problem("/brokers", "ids must have distinct tags; rename one", other + " and " + broker.id());
                }
            }
        }
    }

    private Optional<Broker> broker(String place, JsonNode node) {
        if (!node.isObject()) {
            problem(place, "must be a broker's members", describe(node));
            return Optional.empty();
        }
        int before = problems.size();
        node.fieldNames().forEachRemaining(name -> {
            if (!MEMBERS.contains(name)
                    && !TermsParser.MEMBERS.contains(name)
                    && !ProfileParser.MEMBERS.contains(name)
                    && !ConnectionParser.MEMBERS.contains(name)) {
                problem(place + "/" + name, "is not a member of a broker", "it");
            }
        });
        String id = members.text(
                place, node, "id", ContentKind.BROKER_ID::matches, "must be 1 to 64 of a-z, 0-9 and hyphen");
        String name = members.text(
                place, node, "name", text -> !text.isBlank() && text.length() <= 200, "must be 1 to 200 characters");
        List<String> countries = members.texts(
                place,
                node,
                "countries",
                true,
                text -> text.equals("*") || COUNTRIES.contains(text),
                "must be ISO 3166-1 alpha-2 codes or \"*\"");
        List<String> languages = members
                .texts(
                        place,
                        node,
                        "languages",
                        false,
                        tag -> LanguageTags.canonical(tag).isPresent(),
                        "must be BCP 47 language tags of known languages")
                .stream()
                .flatMap(tag -> LanguageTags.canonical(tag).stream())
                .distinct()
                .toList();
        Map<String, String> transferBasis = transferBasis(place, node.get("transferBasis"));
        boolean local = members.flag(place, node, "local");
        URI privacyPolicy = members.address(place, node, "privacyPolicy", false);
        URI endpoint = members.address(place, node, "endpoint", local);
        URI noticesEndpoint = node.has("notices") ? members.address(place, node, "notices", local) : null;
        List<WebhookSecret> secrets = members.secrets(place, node);
        int priority = members.number(place, node, "priority", 1, 0, 1_000);
        int weight = members.number(place, node, "weight", 1, 1, 1_000);
        Broker.Status status = status(place, node.get("status"));
        if (CanaryBrokers.isOne(id) && status == Broker.Status.ACTIVE) {
            problem(
                    place + "/status",
                    "must be test or paused where the id begins with " + CanaryBrokers.PREFIX,
                    describe(node.get("status")));
        }
        Connection connection = ConnectionParser.parse(place, node, files, problems::add);
        Terms terms = TermsParser.parse(place, node, problems);
        Profile profile = ProfileParser.parse(place, node, terms.kind(), problems);
        FieldMapping fields =
                FieldMappingParser.parse(node.get(FieldMappingParser.MEMBER), place + "/fields", problems);
        if (terms.kind() == RecipientKind.HELPDESK && node.has(FieldMappingParser.MEMBER)) {
            problem(place + "/fields", "is for brokers only; a message goes to the helpdesk unchanged", "it");
        }
        if (problems.size() > before || privacyPolicy == null || endpoint == null) {
            return Optional.empty();
        }
        return Optional.of(new Broker(
                id,
                name,
                countries,
                languages,
                transferBasis,
                privacyPolicy,
                endpoint,
                Optional.ofNullable(noticesEndpoint),
                secrets,
                priority,
                weight,
                local,
                status,
                terms,
                profile,
                connection,
                fields));
    }

    private Map<String, String> transferBasis(String place, @Nullable JsonNode node) {
        Map<String, String> basis = new HashMap<>();
        if (node == null || !node.isObject() || node.isEmpty()) {
            problem(place + "/transferBasis", "must name a basis per country or as default", describe(node));
            return basis;
        }
        node.properties().forEach(entry -> {
            String at = place + "/transferBasis/" + entry.getKey();
            if (!entry.getKey().equals(Broker.DEFAULT_BASIS) && !COUNTRIES.contains(entry.getKey())) {
                problem(at, "must be an ISO 3166-1 alpha-2 code or \"default\"", entry.getKey());
            }
            if (!entry.getValue().isTextual()
                    || !ContentKind.TRANSFER_BASIS.matches(entry.getValue().textValue())) {
                problem(at, "must be a basis such as EEA, ADEQUACY or SCC", describe(entry.getValue()));
            } else {
                basis.put(entry.getKey(), entry.getValue().textValue());
            }
        });
        return basis;
    }

    private Broker.Status status(String place, @Nullable JsonNode node) {
        if (node == null) {
            return Broker.Status.ACTIVE;
        }
        for (Broker.Status status : Broker.Status.values()) {
            if (status.name().toLowerCase(Locale.ROOT).equals(node.textValue())) {
                return status;
            }
        }
        problem(place + "/status", "must be active, paused or test", describe(node));
        return Broker.Status.PAUSED;
    }

    private void problem(String place, String rule, String found) {
        problems.add(new DirectoryProblem(place, rule, found));
    }

    static String describe(@Nullable JsonNode node) {
        if (node == null || node.isNull()) {
            return "nothing";
        }
        String text =
                node.isContainerNode() ? (node.isArray() ? "a list of " + node.size() : "an object") : node.asText();
        return shown(text);
    }

    /** What may be shown of a wrong value: a secret that was pasted into the wrong place must not end in a log. */
    static String shown(String text) {
        if (WebhookSecret.isIn(text)) {
            return "a secret";
        }
        if (text.contains("@")) {
            return "a text with \"@\"";
        }
        return text.length() > 80 ? text.substring(0, 80) + "…" : text;
    }
}
