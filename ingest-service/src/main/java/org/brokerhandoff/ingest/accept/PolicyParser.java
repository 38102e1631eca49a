package org.brokerhandoff.ingest.accept;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.brokerhandoff.ingest.domain.Policy;
import org.brokerhandoff.schemas.ContentKind;
import org.brokerhandoff.schemas.LanguageTags;

/** Reads the body of a policy request: {@code version, language, sha256, effectiveAt}, all required. */
public final class PolicyParser {
    private static final Set<String> MEMBERS = Set.of("version", "language", "sha256", "effectiveAt");
    private static final String KNOWN = "version, language, sha256, effectiveAt";

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
        MEMBERS.stream().sorted().filter(name -> !members.containsKey(name)).forEach(name -> {
            faults.add("/" + name, "required", "is required");
            members.put(name, Optional.empty());
        });
        Optional<String> version = checked(
                faults, members, "version", text -> Optional.of(text).filter(ContentKind.POLICY_VERSION::matches));
        Optional<String> language = checked(faults, members, "language", LanguageTags::canonical);
        Optional<String> digest = checked(faults, members, "sha256", Hexadecimal::sha256);
        Optional<Instant> effectiveAt = checked(faults, members, "effectiveAt", Timestamps::parse);
        return faults.isEmpty()
                        && version.isPresent()
                        && language.isPresent()
                        && digest.isPresent()
                        && effectiveAt.isPresent()
                ? new ParsedPolicy.Valid(
                        new Policy(version.get(), language.get(), digest.get(), effectiveAt.get(), now))
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
            case "sha256" -> "64 hexadecimal digits";
            default -> "a time of RFC 3339 with offset";
        };
    }
}
