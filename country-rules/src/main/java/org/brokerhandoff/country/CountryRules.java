package org.brokerhandoff.country;

import java.time.Instant;
import java.time.Period;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.brokerhandoff.event.CountryRulesPublished;
import org.brokerhandoff.event.Digest;
import org.brokerhandoff.event.PublishedCountryRule;
import org.brokerhandoff.schemas.Digests;
import org.brokerhandoff.schemas.EventCodec;

/**
 * One version of the rules per country of residence.
 *
 * @param byCountry the rules by country, ISO 3166-1 alpha-2; in all others {@link CountryRule#GDPR} holds
 */
public record CountryRules(NavigableMap<String, CountryRule> byCountry) {
    /** No country has its own rule. */
    public static final CountryRules NONE = new CountryRules(new TreeMap<>());

    /** Copies the rules. */
    public CountryRules {
        byCountry = Collections.unmodifiableNavigableMap(new TreeMap<>(byCountry));
    }

    /** What holds for people who live in {@code country}; empty: it is not known. */
    public CountryRule of(Optional<String> country) {
        return country.map(byCountry::get).orElse(CountryRule.GDPR);
    }

    /** The countries, in their order, from which {@code recipient} gets nothing. */
    public List<String> countriesExcluding(String recipient) {
        return byCountry.entrySet().stream()
                .filter(entry -> entry.getValue().excludedRecipients().contains(recipient))
                .map(Map.Entry::getKey)
                .toList();
    }

    /** The ids of all recipients that some country excludes. */
    public Set<String> excludedRecipients() {
        Set<String> ids = new java.util.TreeSet<>();
        byCountry.values().forEach(rule -> ids.addAll(rule.excludedRecipients()));
        return ids;
    }

    /** What the log says of this version, named by its digest as a directory is. */
    public CountryRulesPublished published(Instant at, EventCodec codec) {
        CountryRulesPublished canonical = new CountryRulesPublished(
                new Digest(new byte[32]),
                Instant.EPOCH,
                byCountry.entrySet().stream()
                        .map(entry -> published(entry.getKey(), entry.getValue()))
                        .toList());
        return CountryRulesPublished.newBuilder(canonical)
                .setDigest(Digests.sha256(codec.encode(canonical)))
                .setPublishedAt(at)
                .build();
    }

    private static PublishedCountryRule published(String country, CountryRule rule) {
        Period within = rule.answers().within();
        Period extension = rule.answers().extension();
        return new PublishedCountryRule(
                country,
                rule.minimumAge().orElse(null),
                within.getMonths(),
                within.getDays(),
                extension.getMonths(),
                extension.getDays(),
                rule.excludedRecipients().stream().sorted().toList());
    }

    /** What a published version says. Where that is {@linkplain #faults at fault}, what the GDPR says stands in its place. */
    public static CountryRules of(CountryRulesPublished event) {
        NavigableMap<String, CountryRule> rules = new TreeMap<>();
        event.getRules()
                .forEach(rule -> rules.putIfAbsent(
                        rule.getCountry(),
                        new CountryRule(
                                Optional.ofNullable(rule.getMinimumAge()),
                                isLawful(rule) ? new AnswerTerms(within(rule), extension(rule)) : AnswerTerms.GDPR,
                                Set.copyOf(rule.getExcludedRecipients()))));
        return new CountryRules(rules);
    }

    /** What no version of the rules may say, in words: for an auditor. */
    public static List<String> faults(CountryRulesPublished event, EventCodec codec) {
        List<String> faults = new ArrayList<>();
        Set<String> seen = new java.util.HashSet<>();
        for (PublishedCountryRule rule : event.getRules()) {
            if (!isLawful(rule)) {
                faults.add("gives more time to answer people in " + rule.getCountry() + " than the GDPR");
            }
            if (!seen.add(rule.getCountry())) {
                faults.add("has two rules for " + rule.getCountry());
            }
        }
        if (faults.isEmpty()
                && !of(event).published(event.getPublishedAt(), codec).equals(event)) {
            faults.add("is named by a digest that is not that of its content");
        }
        return faults;
    }

    private static boolean isLawful(PublishedCountryRule rule) {
        return AnswerTerms.answersInTime(within(rule)) && AnswerTerms.extendsInTime(extension(rule));
    }

    private static Period within(PublishedCountryRule rule) {
        return Period.of(0, rule.getAnswerMonths(), rule.getAnswerDays());
    }

    private static Period extension(PublishedCountryRule rule) {
        return Period.of(0, rule.getExtensionMonths(), rule.getExtensionDays());
    }
}
