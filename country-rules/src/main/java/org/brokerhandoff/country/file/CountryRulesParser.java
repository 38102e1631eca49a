package org.brokerhandoff.country.file;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Period;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.brokerhandoff.country.AnswerTerms;
import org.brokerhandoff.country.CountryRule;
import org.brokerhandoff.country.CountryRules;
import org.brokerhandoff.operations.configuration.StrictYaml;
import org.brokerhandoff.operations.configuration.YamlReading;
import org.brokerhandoff.schemas.ContentKind;
import org.jspecify.annotations.Nullable;

/** Reads {@code countries.yaml}. Pure: the text comes in, the rules or the list of all its problems go out. */
public final class CountryRulesParser {
    private static final String COUNTRIES = "countries";
    private static final String MINIMUM_AGE = "minimumAge";
    private static final String ANSWER_WITHIN = "answerWithin";
    private static final String EXTENSION = "extension";
    private static final String EXCLUDED_RECIPIENTS = "excludedRecipients";
    private static final Set<String> MEMBERS =
            new TreeSet<>(Set.of(MINIMUM_AGE, ANSWER_WITHIN, EXTENSION, EXCLUDED_RECIPIENTS));

    private static final Set<String> CODES = Set.of(Locale.getISOCountries());
    /** As many as a consent may list; bounds the event that publishes the rules. */
    private static final int MOST_EXCLUDED = 50;

    private static final Pattern PERIOD = Pattern.compile("P[0-9]{1,2}[MWD]");
    /** Shorter than any secret that this system makes: what may be shown of a value in the wrong place. */
    private static final Pattern SHOWN = Pattern.compile("[A-Za-z0-9*.-]{1,24}");

    private final YamlReading yaml;
    private final List<CountryRulesProblem> problems = new ArrayList<>();

    private CountryRulesParser(YamlReading yaml) {
        this.yaml = yaml;
    }

    /**
     * Reads rules.
     *
     * @param content the file's bytes
     */
    public static ParsedCountryRules parse(byte[] content) {
        YamlReading yaml = StrictYaml.read(content);
        CountryRulesParser reading = new CountryRulesParser(yaml);
        yaml.problems()
                .forEach(problem -> reading.problems.add(new CountryRulesProblem(
                        problem.line(),
                        problem.place().isEmpty() ? "/" : problem.place(),
                        "must " + problem.rule(),
                        problem.found())));
        CountryRules rules = yaml.hasContent() ? reading.rules(yaml.root()) : CountryRules.NONE;
        return reading.problems.isEmpty()
                ? new ParsedCountryRules.Valid(rules)
                : new ParsedCountryRules.Invalid(reading.problems.stream()
                        .sorted(Comparator.comparingInt(CountryRulesProblem::line))
                        .toList());
    }

    private CountryRules rules(JsonNode root) {
        NavigableMap<String, CountryRule> rules = new TreeMap<>();
        unknown("", root, Set.of(COUNTRIES));
        JsonNode countries = root.get(COUNTRIES);
        if (countries == null || !countries.isObject()) {
            problem("/" + COUNTRIES, "must be an object of rules by country", describe(countries));
            return CountryRules.NONE;
        }
        countries.properties().forEach(entry -> {
            String place = "/" + COUNTRIES + "/" + YamlReading.token(entry.getKey());
            if (!CODES.contains(entry.getKey())) {
                problem(place, "must be an ISO 3166-1 alpha-2 code", shown(entry.getKey()));
            }
            rules.put(entry.getKey(), rule(place, entry.getValue()));
        });
        return new CountryRules(rules);
    }

    private CountryRule rule(String place, JsonNode node) {
        if (!node.isObject() || node.isEmpty()) {
            problem(place, "must be an object with at least one of " + String.join(", ", MEMBERS), describe(node));
            return CountryRule.GDPR;
        }
        unknown(place, node, MEMBERS);
        return new CountryRule(
                minimumAge(place, node.get(MINIMUM_AGE)),
                new AnswerTerms(
                        period(
                                place + "/" + ANSWER_WITHIN,
                                node.get(ANSWER_WITHIN),
                                AnswerTerms.GDPR.within(),
                                AnswerTerms::answersInTime,
                                "must be at most a month: P1M, P1W to P4W, or P1D to P31D"),
                        period(
                                place + "/" + EXTENSION,
                                node.get(EXTENSION),
                                AnswerTerms.GDPR.extension(),
                                AnswerTerms::extendsInTime,
                                "must be at most two months: P1M, P2M, P1W to P8W, P1D to P62D, or P0D for none")),
                excluded(place + "/" + EXCLUDED_RECIPIENTS, node.get(EXCLUDED_RECIPIENTS)));
    }

    private Optional<Integer> minimumAge(String place, @Nullable JsonNode node) {
        if (node == null) {
            return Optional.empty();
        }
        if (!node.isInt() || !CountryRule.isAgeLimit(node.intValue())) {
            problem(
                    place + "/" + MINIMUM_AGE,
                    "must be a whole number of years from 1 to " + CountryRule.HIGHEST_AGE,
                    describe(node));
            return Optional.empty();
        }
        return Optional.of(node.intValue());
    }

    private Period period(
            String place, @Nullable JsonNode node, Period otherwise, Predicate<Period> allowed, String rule) {
        if (node == null) {
            return otherwise;
        }
        if (node.isTextual() && PERIOD.matcher(node.textValue()).matches()) {
            Period period = Period.parse(node.textValue());
            if (allowed.test(period)) {
                return period;
            }
        }
        problem(place, rule, describe(node));
        return otherwise;
    }

    private Set<String> excluded(String place, @Nullable JsonNode list) {
        Set<String> ids = new TreeSet<>();
        if (list == null) {
            return ids;
        }
        if (!list.isArray() || list.isEmpty() || list.size() > MOST_EXCLUDED) {
            problem(place, "must be a list of 1 to " + MOST_EXCLUDED + " broker ids", describe(list));
            return ids;
        }
        for (int i = 0; i < list.size(); i++) {
            JsonNode id = list.get(i);
            if (!id.isTextual() || !ContentKind.BROKER_ID.matches(id.textValue())) {
                problem(place + "/" + i, "must be a broker id: 1 to 64 of a-z, 0-9 and hyphen", describe(id));
            } else if (!ids.add(id.textValue())) {
                problem(place + "/" + i, "must not be listed twice", describe(id));
            }
        }
        return ids;
    }

    private void unknown(String place, JsonNode node, Set<String> known) {
        node.fieldNames().forEachRemaining(name -> {
            if (!known.contains(name)) {
                problem(
                        place + "/" + YamlReading.token(name),
                        "is not a member here; the members are " + String.join(", ", known),
                        "it");
            }
        });
    }

    private void problem(String place, String rule, String found) {
        int line = yaml.lineOf(place);
        // What YAML itself made unreadable breaks our own rules as well; once is enough.
        if (!yaml.hasProblemAt(line)) {
            problems.add(new CountryRulesProblem(line, StrictYaml.shown(place), rule, found));
        }
    }

    private static String describe(@Nullable JsonNode node) {
        if (node == null || node.isNull()) {
            return "nothing";
        } else if (node.isArray()) {
            return "a list of " + node.size();
        } else if (node.isObject()) {
            return node.isEmpty() ? "an empty object" : "an object";
        }
        return shown(node.asText());
    }

    private static String shown(String text) {
        return SHOWN.matcher(text).matches() ? text : "another text";
    }
}
