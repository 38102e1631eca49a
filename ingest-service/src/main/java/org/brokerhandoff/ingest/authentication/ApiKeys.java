package org.brokerhandoff.ingest.authentication;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The API keys that may call. Immutable; thread-safe. */
public final class ApiKeys {
    private static final int MOST_ID_CHARACTERS = 64;
    private static final int DIGEST_HEX_DIGITS = 64;
    private static final Set<String> MEMBERS = Set.of("id", "scopes", "sha256");
    private static final YAMLMapper YAML = new YAMLMapper(YAMLFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build());

    private final List<Entry> entries;

    @SuppressWarnings("ArrayRecordComponent") // compared in constant time only
    private record Entry(byte[] sha256, ApiKey key) {}

    private ApiKeys(List<Entry> entries) {
        this.entries = List.copyOf(entries);
    }

    /**
     * Reads {@code keys: [{id, scopes: [website|admin], sha256}]}.
     *
     * @throws InvalidApiKeys with all problems together
     */
    public static ApiKeys load(Path file) {
        List<String> problems = new ArrayList<>();
        List<Entry> entries = new ArrayList<>();
        try {
            read(YAML.readTree(file.toFile()), entries, problems);
        } catch (JsonProcessingException e) {
            // The exception's message quotes the file.
            problems.add(
                    e.getLocation() == null
                            ? "not YAML"
                            : "not YAML, line " + e.getLocation().getLineNr());
        } catch (IOException e) {
            problems.add("cannot be read: " + e.getClass().getSimpleName());
        }
        if (!problems.isEmpty()) {
            throw new InvalidApiKeys(file, problems);
        }
        return new ApiKeys(entries);
    }

    /**
     * The key whose secret is {@code secret}. Takes the same time whichever key it is, and whether or not it is one: every digest
     * is compared, each in constant time.
     */
    public Optional<ApiKey> authenticate(String secret) {
        byte[] digest = sha256(secret.getBytes(StandardCharsets.UTF_8));
        ApiKey found = null;
        for (Entry entry : entries) {
            if (MessageDigest.isEqual(entry.sha256(), digest)) {
                found = entry.key();
            }
        }
        return Optional.ofNullable(found);
    }

    static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static void read(JsonNode root, List<Entry> entries, List<String> problems) {
        if (!root.isObject() || !root.path("keys").isArray()) {
            problems.add("must be an object with a list \"keys\"");
            return;
        }
        unknown(root, Set.of("keys"), "the file", problems);
        if (root.path("keys").isEmpty()) {
            problems.add("\"keys\" is empty, so nobody could call");
        }
        Set<String> ids = new HashSet<>();
        Set<String> digests = new HashSet<>();
        int number = 0;
        for (JsonNode node : root.path("keys")) {
            number++;
            String place = "key " + number;
            if (!node.isObject()) {
                problems.add(place + " must be an object");
                continue;
            }
            unknown(node, MEMBERS, place, problems);
            String id = node.path("id").asText("");
            if (!validId(id)) {
                problems.add(place + ": id must be 1 to " + MOST_ID_CHARACTERS + " of a-z, digits and hyphen");
            } else if (!ids.add(id)) {
                problems.add(place + ": id is there twice");
            }
            Set<Scope> scopes = scopes(node.path("scopes"), place, problems);
            Optional<byte[]> digest = digest(node.path("sha256"));
            if (digest.isEmpty()) {
                problems.add(place + ": sha256 must be " + DIGEST_HEX_DIGITS + " hexadecimal digits");
            } else if (!digests.add(HexFormat.of().formatHex(digest.get()))) {
                problems.add(place + ": sha256 is that of an earlier key");
            }
            entries.add(new Entry(digest.orElse(new byte[0]), new ApiKey(id, scopes)));
        }
    }

    private static void unknown(JsonNode node, Set<String> known, String place, List<String> problems) {
        node.fieldNames().forEachRemaining(name -> {
            if (!known.contains(name)) {
                problems.add(place + " has an unknown member; known are "
                        + String.join(", ", known.stream().sorted().toList()));
            }
        });
    }

    private static Set<Scope> scopes(JsonNode node, String place, List<String> problems) {
        Set<Scope> scopes = EnumSet.noneOf(Scope.class);
        if (!node.isArray() || node.isEmpty()) {
            problems.add(place + ": scopes must be a list of website and admin");
            return scopes;
        }
        for (JsonNode name : node) {
            Optional<Scope> scope = name.isTextual() ? Scope.named(name.asText()) : Optional.empty();
            if (scope.isEmpty()) {
                problems.add(place + ": scopes has one that is neither website nor admin");
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

    private static boolean validId(String id) {
        return !id.isEmpty()
                && id.length() <= MOST_ID_CHARACTERS
                && id.chars().allMatch(c -> (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-');
    }
}
