package org.brokerhandoff.ingest.accept;

import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.brokerhandoff.event.DisclosureBasis;
import org.brokerhandoff.event.DisclosureRequester;
import org.brokerhandoff.event.DisclosureScope;
import org.brokerhandoff.ingest.domain.DisclosureRequest;
import org.brokerhandoff.schemas.HoldTimes;
import org.jspecify.annotations.Nullable;

/**
 * Reads the body of a request for disclosure: {@code signupId, requester, country, basis, scope}, and optionally {@code preservation,
 * preserveUntil, contact}. {@code contact} is personal data and becomes a message to the helpdesk.
 */
public final class DisclosureParser {
    private static final String KNOWN =
            "signupId, requester, country, basis, scope, preservation, preserveUntil, contact";

    private final Faults faults = new Faults();
    private final ContactDraft contact = new ContactDraft("/contact", faults);
    private @Nullable String signupId;
    private @Nullable String requester;
    private @Nullable String country;
    private @Nullable String basis;
    private @Nullable List<String> scope;
    private boolean preservation;
    private @Nullable String preserveUntil;
    private boolean hasContact;

    private final Instant now;

    private DisclosureParser(Instant now) {
        this.now = now;
    }

    /**
     * A request, and how to reach the requester.
     *
     * @param contact the caller wipes its person
     */
    public record Entered(DisclosureRequest request, Optional<ParsedContact.Valid> contact) {}

    /** Reads the first {@code length} bytes of {@code body}, which the caller wipes; {@code now} bounds the time that may be ordered. */
    public static Parsed<Entered> parse(byte[] body, int length, Instant now) {
        DisclosureParser draft = new DisclosureParser(now);
        try (JsonCursor json = JsonCursor.open(body, length, draft.faults)) {
            json.readBody(KNOWN, name -> draft.read(name, json));
            Optional<DisclosureRequest> request = draft.check();
            if (draft.hasContact) {
                // The values are valid only as long as the cursor is open.
                draft.contact.check();
            }
            return draft.faults.isEmpty() && request.isPresent()
                    ? new Parsed.Valid<>(new Entered(request.get(), draft.contact(length)))
                    : new Parsed.Invalid<>(draft.faults.list());
        } catch (JsonCursor.NotJson e) {
            return new Parsed.Malformed<>();
        }
    }

    private boolean read(String name, JsonCursor json) throws IOException {
        switch (name) {
            case "signupId" -> signupId = json.text("/signupId").orElse(null);
            case "requester" -> requester = json.text("/requester").orElse(null);
            case "country" -> country = json.text("/country").orElse(null);
            case "basis" -> basis = json.text("/basis").orElse(null);
            case "scope" -> scope = json.texts("/scope").orElse(null);
            case "preservation" -> preservation = json.truth("/preservation").orElse(false);
            case "preserveUntil" -> preserveUntil = json.text("/preserveUntil").orElse(null);
            case "contact" -> {
                hasContact = true;
                contact.readObject(json);
            }
            default -> {
                return false;
            }
        }
        return true;
    }

    private Optional<DisclosureRequest> check() {
        Optional<UUID> signup = required("/signupId", signupId).flatMap(CanonicalIds::parse);
        if (signupId != null && signup.isEmpty()) {
            faults.add("/signupId", "signup-id-invalid", "a UUID in lower case");
        }
        Optional<DisclosureRequester> who =
                named(DisclosureRequester.class, "/requester", requester, "requester-unknown");
        Optional<DisclosureBasis> why = named(DisclosureBasis.class, "/basis", basis, "basis-unknown");
        Optional<String> where = required("/country", country).filter(Countries::known);
        if (country != null && where.isEmpty()) {
            faults.add("/country", "country-unknown", "a country code of ISO 3166-1, alpha 2");
        }
        Set<DisclosureScope> what = scope();
        Optional<Instant> until = until(who);
        return signup.isPresent() && who.isPresent() && why.isPresent() && where.isPresent()
                ? Optional.of(new DisclosureRequest(
                        signup.get(),
                        who.get(),
                        where.get(),
                        why.get(),
                        List.copyOf(what),
                        preservation || until.isPresent(),
                        until))
                : Optional.empty();
    }

    /** To the second, as custody keeps it. */
    private Optional<Instant> until(Optional<DisclosureRequester> who) {
        if (preserveUntil == null) {
            return Optional.empty();
        }
        Optional<Instant> until = Timestamps.parse(preserveUntil).map(time -> time.truncatedTo(ChronoUnit.SECONDS));
        Instant latest = now.plus(HoldTimes.LONGEST_PRESERVATION);
        if (until.isEmpty()) {
            faults.add("/preserveUntil", "time-invalid", "a time of RFC 3339 with offset");
        } else if (!until.get().isAfter(now) || until.get().isAfter(latest)) {
            faults.add(
                    "/preserveUntil",
                    "time-out-of-range",
                    "in the future, by " + HoldTimes.LONGEST_PRESERVATION.toDays() + " days at most");
        } else if (who.filter(DisclosureRequester.THIRD_PARTY::equals).isPresent()) {
            faults.add("/preserveUntil", "requester-unfit", "only an authority or a court can order that data be kept");
        }
        return until;
    }

    private Set<DisclosureScope> scope() {
        Set<DisclosureScope> known = new LinkedHashSet<>();
        List<String> names = scope == null ? List.of() : scope;
        for (int index = 0; index < names.size(); index++) {
            Optional<DisclosureScope> one = WireNames.named(DisclosureScope.class, names.get(index));
            if (one.isEmpty() || !known.add(one.get())) {
                faults.add("/scope/" + index, "scope-unknown", "each once, of " + WireNames.all(DisclosureScope.class));
            }
        }
        if (scope == null || names.isEmpty()) {
            faults.add("/scope", "required", "at least one of " + WireNames.all(DisclosureScope.class));
        }
        // In schema order, so that a repeat in another order is equal.
        List<DisclosureScope> sorted = new ArrayList<>(known);
        sorted.sort(null);
        return new LinkedHashSet<>(sorted);
    }

    private Optional<String> required(String pointer, @Nullable String text) {
        if (text == null) {
            faults.add(pointer, "required", "is required");
        }
        return Optional.ofNullable(text);
    }

    private <E extends Enum<E>> Optional<E> named(Class<E> type, String pointer, @Nullable String text, String code) {
        Optional<E> found = required(pointer, text).flatMap(name -> WireNames.named(type, name));
        if (text != null && found.isEmpty()) {
            faults.add(pointer, code, "one of " + WireNames.all(type));
        }
        return found;
    }

    private Optional<ParsedContact.Valid> contact(int length) {
        return hasContact
                ? Optional.of(new ParsedContact.Valid(contact.language(), contact.canonical(length)))
                : Optional.empty();
    }
}
