package org.brokerhandoff.ingest.accept;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.brokerhandoff.event.DocumentKind;
import org.brokerhandoff.ingest.domain.Policy;
import org.brokerhandoff.schemas.ContentKind;
import org.brokerhandoff.schemas.Digests;
import org.brokerhandoff.schemas.LanguageTags;

/**
 * Reads the body of a policy request: {@code version, language, effectiveAt}, and {@code text}, {@code sha256} or both; {@code kind} defaults
 * to privacy.
 */
public final class PolicyParser {
    private static final List<String> MEMBERS = List.of("effectiveAt", "kind", "language", "sha256", "text", "version");
    private static final List<String> REQUIRED = List.of("effectiveAt", "language", "version");
    private static final String KNOWN = "kind, version, language, text, sha256, effectiveAt";

    private PolicyParser() {}

    /**
     * Reads the first {@code length} bytes of {@code body}.
     *
     * @param now becomes the policy's {@code publishedAt}
     */
    public static ParsedPolicy parse(byte[] body, int length, Instant now) {
        Faults faults = new Faults();
        Map<String, Optional<String>> members = new HashMap<>();
        try (JsonCursor json = JsonCursor.open(body, length, faults)) {
            json.readBody(KNOWN, name -> {
                if (!MEMBERS.contains(name)) {
                    return false;
                }
                members.put(name, json.text("/" + name));
                return true;
            });
        } catch (JsonCursor.NotJson e) {
            return new ParsedPolicy.Malformed();
        }
        REQUIRED.stream()
                .filter(name -> !members.containsKey(name))
                .forEach(name -> faults.add("/" + name, "required", "is required"));
        if (!members.containsKey("text") && !members.containsKey("sha256")) {
            faults.add("/text", "required", "is required, or else sha256");
        }
        Optional<DocumentKind> kind = members.containsKey("kind")
                ? checked(faults, members, "kind", name -> WireNames.named(DocumentKind.class, name))
                : Optional.of(DocumentKind.PRIVACY);
        Optional<String> version = checked(
                faults, members, "version", text -> Optional.of(text).filter(ContentKind.POLICY_VERSION::matches));
        Optional<String> language = checked(faults, members, "language", LanguageTags::canonical);
        Optional<String> named = checked(faults, members, "sha256", Hexadecimal::sha256);
        Optional<Instant> effectiveAt = checked(faults, members, "effectiveAt", Timestamps::parse);
        Optional<byte[]> text = checked(faults, members, "text", DocumentTexts::encoded);
        Optional<String> computed = text.map(bytes -> Digests.hex(Digests.sha256(bytes)));
        if (named.isPresent() && computed.isPresent() && !named.equals(computed)) {
            faults.add("/sha256", "digest-mismatch", "must be the SHA-256 of the text in UTF-8");
        }
        Optional<String> digest = computed.or(() -> named);
        return faults.isEmpty()
                        && kind.isPresent()
                        && version.isPresent()
                        && language.isPresent()
                        && digest.isPresent()
                        && effectiveAt.isPresent()
                ? new ParsedPolicy.Valid(
                        new Policy(kind.get(), version.get(), language.get(), digest.get(), effectiveAt.get(), now),
                        text)
                : new ParsedPolicy.Invalid(faults.list());
    }

    private interface Rule<T> {
        Optional<T> apply(String text);
    }

    private static <T> Optional<T> checked(
            Faults faults, Map<String, Optional<String>> members, String name, Rule<T> rule) {
        Optional<String> text = members.getOrDefault(name, Optional.empty());
        Optional<T> value = text.flatMap(rule::apply);
        if (text.isPresent() && value.isEmpty()) {
            faults.add("/" + name, name + "-invalid", detail(name));
        }
        return value;
    }

    private static String detail(String name) {
        return switch (name) {
            case "version" -> "1 to 64 letters, digits, dots, underscores and hyphens";
            case "language" -> "a BCP 47 tag of a known language, of at most 35 characters";
            case "kind" -> "one of " + WireNames.all(DocumentKind.class);
            case "text" ->
                "text of at most " + DocumentTexts.MOST_BYTES
                        + " bytes in UTF-8, not blank, without control characters other than line breaks and tabs";
            case "sha256" -> "64 hexadecimal digits";
            default -> "a time of RFC 3339 with offset";
        };
    }
}
