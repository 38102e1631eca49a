package org.brokerhandoff.ingest.authentication;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.brokerhandoff.operations.configuration.StrictYaml;
import org.brokerhandoff.operations.configuration.YamlReading;
import org.brokerhandoff.operations.secrets.ExposedSecretFile;
import org.brokerhandoff.operations.secrets.SecretFile;
import org.brokerhandoff.schemas.ContentKind;

/**
 * The form of the key file:
 *
 * <pre>
 * keys: [{id: website-1, owner: shop, scopes: [website], sha256: "…"}]   # owner: default is the id
 * ownerOfEarlierSignups: shop                                            # optional
 * </pre>
 *
 * Collects all problems. Signups accepted before owners were recorded belong to {@code ownerOfEarlierSignups}; without it, to the owner of
 * the website keys if there is only one, since with several the owner would be ambiguous.
 */
final class ApiKeysFile {
    private static final int DIGEST_HEX_DIGITS = 64;
    private static final String EARLIER = "ownerOfEarlierSignups";
    private static final Set<String> TOP = Set.of("keys", EARLIER);
    private static final Set<String> MEMBERS = Set.of("id", "owner", "scopes", "sha256");
    private static final String ID_RULE = " must be a text of 1 to 64 of a-z, digits and hyphen";

    private final List<String> problems = new ArrayList<>();
    private final List<Draft> drafts = new ArrayList<>();

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Draft(byte[] sha256, String id, String owner, Set<Scope> scopes) {}

    private ApiKeysFile() {}

    /**
     * The text of {@code file}.
     *
     * @throws InvalidApiKeys if it cannot be read, or is readable by others
     */
    static String text(Path file) {
        try {
            return SecretFile.read(file);
        } catch (ExposedSecretFile e) {
            throw new InvalidApiKeys(file, List.of("refused: " + e.reason()));
        } catch (IOException e) {
            throw new InvalidApiKeys(
                    file, List.of("cannot be read: " + e.getClass().getSimpleName()));
        }
    }

    /**
     * Reads the file's text.
     *
     * @param file named in messages
     * @throws InvalidApiKeys with all problems together
     */
    static ApiKeys parse(Path file, String text) {
        ApiKeysFile reading = new ApiKeysFile();
        YamlReading yaml = StrictYaml.read(text.getBytes(StandardCharsets.UTF_8));
        yaml.problems().forEach(problem -> reading.problems.add(problem.toString()));
        Optional<String> ownerOfEarlier = yaml.hasContent() ? reading.read(yaml) : Optional.empty();
        if (!reading.problems.isEmpty()) {
            throw new InvalidApiKeys(file, reading.problems);
        }
        return new ApiKeys(reading.drafts.stream()
                .map(draft -> new ApiKeys.Entry(
                        draft.sha256(),
                        new ApiKey(
                                draft.id(),
                                draft.owner(),
                                draft.scopes(),
                                ownerOfEarlier.filter(draft.owner()::equals).isPresent())))
                .toList());
    }

    /** Reads the keys; the owner of earlier signups. */
    private Optional<String> read(YamlReading yaml) {
        JsonNode root = yaml.root();
        if (!root.isObject() || !root.path("keys").isArray()) {
            problems.add("must be an object with a list \"keys\"");
            return Optional.empty();
        }
        unknown(root, TOP, "the file");
        if (root.path("keys").isEmpty()) {
            problems.add("\"keys\" is empty, so no client could call");
        }
        Set<String> ids = new HashSet<>();
        Set<String> digests = new HashSet<>();
        int number = 0;
        for (JsonNode node : root.path("keys")) {
            int line = yaml.lineOf("/keys/" + number);
            number++;
            key("line " + line + ", key " + number, node, ids, digests);
        }
        Set<String> websites = new TreeSet<>();
        drafts.stream()
                .filter(draft -> draft.scopes().contains(Scope.WEBSITE))
                .forEach(draft -> websites.add(draft.owner()));
        JsonNode earlier = root.path(EARLIER);
        if (earlier.isMissingNode()) {
            return websites.size() == 1 ? websites.stream().findFirst() : Optional.empty();
        } else if (!earlier.isTextual() || !websites.contains(earlier.textValue())) {
            problems.add(EARLIER + " must be the owner of a key with scope website");
            return Optional.empty();
        }
        return Optional.of(earlier.textValue());
    }

    private void key(String place, JsonNode node, Set<String> ids, Set<String> digests) {
        if (!node.isObject()) {
            problems.add(place + " must be an object");
            return;
        }
        unknown(node, MEMBERS, place);
        String id = node.path("id").isTextual() ? node.path("id").textValue() : "";
        if (!ContentKind.KEY_OWNER.matches(id)) {
            problems.add(place + ": id" + ID_RULE);
        } else if (!ids.add(id)) {
            problems.add(place + ": the id is listed twice");
        }
        String owner = id;
        if (node.has("owner")) {
            owner = node.path("owner").isTextual() ? node.path("owner").textValue() : "";
            if (!ContentKind.KEY_OWNER.matches(owner)) {
                problems.add(place + ": owner" + ID_RULE);
            }
        }
        Set<Scope> scopes = scopes(node.path("scopes"), place);
        Optional<byte[]> digest = digest(node.path("sha256"));
        if (digest.isEmpty()) {
            problems.add(place + ": sha256 must be " + DIGEST_HEX_DIGITS + " hexadecimal digits");
        } else if (!digests.add(HexFormat.of().formatHex(digest.get()))) {
            problems.add(place + ": sha256 is that of an earlier key");
        }
        drafts.add(new Draft(digest.orElse(new byte[0]), id, owner, scopes));
    }

    private void unknown(JsonNode node, Set<String> known, String place) {
        node.fieldNames().forEachRemaining(name -> {
            if (!known.contains(name)) {
                problems.add(place + " has an unknown member; the known ones are "
                        + String.join(", ", known.stream().sorted().toList()));
            }
        });
    }

    private Set<Scope> scopes(JsonNode node, String place) {
        Set<Scope> scopes = EnumSet.noneOf(Scope.class);
        if (!node.isArray() || node.isEmpty()) {
            problems.add(place + ": scopes must be a list of " + Scope.wireNames());
            return scopes;
        }
        for (JsonNode name : node) {
            Optional<Scope> scope = name.isTextual() ? Scope.named(name.asText()) : Optional.empty();
            if (scope.isEmpty()) {
                problems.add(place + ": scopes has one that is not one of " + Scope.wireNames());
            } else {
                scopes.add(scope.get());
            }
        }
        return scopes;
    }

    private static Optional<byte[]> digest(JsonNode node) {
        if (!node.isTextual() || node.asText().length() != DIGEST_HEX_DIGITS) {
            return Optional.empty();
        }
        try {
            return Optional.of(HexFormat.of().parseHex(node.asText()));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
