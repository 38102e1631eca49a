package org.brokerhandoff.ingest.accept;

import java.io.IOException;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import org.brokerhandoff.event.CookieChoiceMethod;
import org.brokerhandoff.event.CookieKind;
import org.brokerhandoff.ingest.domain.CookieChoice;
import org.jspecify.annotations.Nullable;

/** Reads the body of a choice of cookies: {@code choices, chosenAt, method}, and {@code visitorId, documentSha256} where they are known. */
public final class CookieChoiceParser {
    private static final String KNOWN = "visitorId, choices, documentSha256, chosenAt, method";

    private final Faults faults = new Faults();
    private @Nullable String visitorId;
    private @Nullable String documentSha256;
    private @Nullable String chosenAt;
    private @Nullable String method;
    private @Nullable Set<CookieKind> accepted;

    private CookieChoiceParser() {}

    /**
     * Reads the first {@code length} bytes of {@code body}.
     *
     * @param now what {@code chosenAt} is compared with
     * @param newVisitor generates an id for a visitor that has none: random, version 4
     */
    public static ParsedCookieChoice parse(byte[] body, int length, Instant now, Supplier<UUID> newVisitor) {
        CookieChoiceParser draft = new CookieChoiceParser();
        try (JsonCursor json = JsonCursor.open(body, length, draft.faults)) {
            draft.read(json);
        } catch (JsonCursor.NotJson e) {
            return new ParsedCookieChoice.Malformed();
        }
        return draft.check(now, newVisitor);
    }

    private void read(JsonCursor json) throws JsonCursor.NotJson {
        json.readBody(KNOWN, name -> {
            switch (name) {
                case "visitorId" -> visitorId = json.text("/visitorId").orElse(null);
                case "choices" -> accepted = kinds(json);
                case "documentSha256" ->
                    documentSha256 = json.text("/documentSha256").orElse(null);
                case "chosenAt" -> chosenAt = json.text("/chosenAt").orElse(null);
                case "method" -> method = json.text("/method").orElse(null);
                default -> {
                    return false;
                }
            }
            return true;
        });
    }

    private ParsedCookieChoice check(Instant now, Supplier<UUID> newVisitor) {
        Optional<UUID> visitor = visitorId == null ? Optional.of(newVisitor.get()) : CanonicalIds.visitor(visitorId);
        if (visitor.isEmpty()) {
            faults.add(
                    "/visitorId",
                    "visitor-id-invalid",
                    "a random UUID, version 4, in lower case; omitted for a new visitor");
        }
        Optional<Set<CookieKind>> kinds = Optional.ofNullable(accepted);
        if (accepted == null) {
            missing("choices");
        }
        Optional<CookieChoiceMethod> how = method == null
                ? Optional.empty()
                : WireNames.named(CookieChoiceMethod.class, method)
                        // A withdrawal is not a way to choose.
                        .filter(way -> way != CookieChoiceMethod.WITHDRAWAL);
        if (method == null) {
            missing("method");
        } else if (how.isEmpty()) {
            faults.add("/method", "method-unknown", "banner, preference-centre or browser-signal");
        }
        Optional<String> digest = documentSha256 == null ? Optional.empty() : Hexadecimal.sha256(documentSha256);
        if (documentSha256 != null && digest.isEmpty()) {
            faults.add("/documentSha256", "digest-invalid", "64 hexadecimal digits");
        } else if (documentSha256 == null && kinds.filter(Set::isEmpty).isEmpty()) {
            faults.add("/documentSha256", "required", "is required where a kind is accepted");
        }
        Optional<Instant> when = chosenAt(now);
        return faults.isEmpty() && visitor.isPresent() && kinds.isPresent() && how.isPresent() && when.isPresent()
                ? new ParsedCookieChoice.Valid(
                        new CookieChoice(visitor.get(), kinds.get(), digest, how.get(), when.get()))
                : new ParsedCookieChoice.Invalid(faults.list());
    }

    private void missing(String member) {
        faults.add("/" + member, "required", "is required");
    }

    /** A kind that is left out is refused. */
    private static Set<CookieKind> kinds(JsonCursor json) throws IOException {
        Set<CookieKind> kinds = EnumSet.noneOf(CookieKind.class);
        json.object("/choices", CookieKinds.KNOWN, name -> {
            Optional<CookieKind> kind = CookieKinds.named(name);
            if (kind.isPresent()
                    && json.truth("/choices/" + CookieKinds.nameOf(kind.get())).orElse(false)) {
                kinds.add(kind.get());
            }
            return kind.isPresent();
        });
        return kinds;
    }

    private Optional<Instant> chosenAt(Instant now) {
        if (chosenAt == null) {
            missing("chosenAt");
            return Optional.empty();
        }
        // From a clock that is ahead: a withdrawal dated by this one must not appear older than the choice.
        return GivenTime.check(faults, "/chosenAt", chosenAt, now).map(time -> time.isAfter(now) ? now : time);
    }
}
