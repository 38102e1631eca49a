package org.brokerhandoff.router.directory;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.brokerhandoff.event.RecipientKind;
import org.brokerhandoff.event.RecipientRole;
import org.jspecify.annotations.Nullable;

/** Reads the members {@code cookiePolicy}, {@code contact}, {@code establishedIn}, {@code agreement} and {@code role} of a broker. Pure. */
final class ProfileParser {
    /** The members of a broker that are read here. */
    static final Set<String> MEMBERS = Set.of("cookiePolicy", "contact", "establishedIn", "agreement", "role");

    private static final Set<String> AGREEMENT_MEMBERS = Set.of("reference", "validUntil");
    private static final Set<String> COUNTRIES = Set.of(Locale.getISOCountries());
    private static final int MOST_CHARACTERS = 200;
    /** Enough to tell an e-mail address from a slip; who publishes it knows whether it works. */
    private static final Pattern EMAIL = Pattern.compile("[^@\\s<>\"]{1,64}@[A-Za-z0-9.-]{1,190}\\.[A-Za-z]{2,63}");

    private final String place;
    private final List<DirectoryProblem> problems;

    private ProfileParser(String place, List<DirectoryProblem> problems) {
        this.place = place;
        this.problems = problems;
    }

    /**
     * The profile of {@code broker}.
     *
     * @param place where it stands
     * @param kind what it is for
     * @param problems is added to
     */
    static Profile parse(String place, JsonNode broker, RecipientKind kind, List<DirectoryProblem> problems) {
        return new ProfileParser(place, problems).parse(broker, kind);
    }

    private Profile parse(JsonNode broker, RecipientKind kind) {
        return new Profile(
                page("/cookiePolicy", broker.get("cookiePolicy")),
                contact(broker.get("contact")),
                country(broker.get("establishedIn")),
                agreement(broker.get("agreement")),
                role(broker.get("role"), kind));
    }

    private Optional<URI> page(String member, @Nullable JsonNode node) {
        if (node == null) {
            return Optional.empty();
        }
        Optional<URI> page = https(node);
        if (page.isEmpty()) {
            problem(member, "must be an https address", node);
        }
        return page;
    }

    private Optional<String> contact(@Nullable JsonNode node) {
        if (node == null) {
            return Optional.empty();
        }
        if (!node.isTextual()
                || (!EMAIL.matcher(node.textValue()).matches() && https(node).isEmpty())) {
            problem("/contact", "must be an e-mail address or an https address", node);
            return Optional.empty();
        }
        return Optional.of(node.textValue());
    }

    private static Optional<URI> https(JsonNode node) {
        return node.isTextual()
                        && BrokerAddress.of(node.textValue()) instanceof BrokerAddress.Valid valid
                        && valid.uri().getScheme().equals("https")
                ? Optional.of(valid.uri())
                : Optional.empty();
    }

    private Optional<String> country(@Nullable JsonNode node) {
        if (node == null) {
            return Optional.empty();
        }
        if (!node.isTextual() || !COUNTRIES.contains(node.textValue())) {
            problem("/establishedIn", "must be an ISO 3166-1 alpha-2 code", node);
            return Optional.empty();
        }
        return Optional.of(node.textValue());
    }

    private Optional<Profile.Agreement> agreement(@Nullable JsonNode node) {
        if (node == null) {
            return Optional.empty();
        }
        if (!node.isObject()) {
            problem("/agreement", "must be an object of reference and validUntil", node);
            return Optional.empty();
        }
        node.fieldNames().forEachRemaining(name -> {
            if (!AGREEMENT_MEMBERS.contains(name)) {
                problems.add(new DirectoryProblem(place + "/agreement/" + name, "is not a member here", "it"));
            }
        });
        JsonNode reference = node.path("reference");
        if (!reference.isTextual()
                || reference.textValue().isBlank()
                || reference.textValue().length() > MOST_CHARACTERS) {
            problem("/agreement/reference", "must be 1 to " + MOST_CHARACTERS + " characters", node.get("reference"));
            reference = node.path("");
        }
        Optional<LocalDate> lastDay = date(node.path("validUntil"));
        if (lastDay.isEmpty()) {
            problem("/agreement/validUntil", "must be a date such as \"2027-12-31\"", node.get("validUntil"));
        }
        String text = reference.asText();
        return lastDay.filter(day -> !text.isEmpty()).map(day -> new Profile.Agreement(text, day));
    }

    private static Optional<LocalDate> date(JsonNode node) {
        try {
            // Ten characters: ISO 8601 allows years of more digits, which are always a mistake here.
            return node.isTextual() && node.textValue().length() == 10
                    ? Optional.of(LocalDate.parse(node.textValue()))
                    : Optional.empty();
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    private RecipientRole role(@Nullable JsonNode node, RecipientKind kind) {
        RecipientRole usual = Profile.of(kind).role();
        if (node == null) {
            return usual;
        }
        for (RecipientRole role : RecipientRole.values()) {
            if (role.name().toLowerCase(Locale.ROOT).replace('_', '-').equals(node.textValue())) {
                if (kind == RecipientKind.HELPDESK && role != usual) {
                    problem("/role", "must be processor for a helpdesk, or be omitted", node);
                }
                return role;
            }
        }
        problem("/role", "must be controller, joint-controller or processor", node);
        return usual;
    }

    private void problem(String member, String rule, @Nullable JsonNode found) {
        problems.add(new DirectoryProblem(place + member, rule, DirectoryParser.describe(found)));
    }
}
