package org.brokerhandoff.country;

import java.util.Optional;
import java.util.Set;

/**
 * What holds for people who live in one country.
 *
 * @param minimumAge age in years that a person has to confirm to have reached before their data is taken
 * @param answers within which time their requests are answered
 * @param excludedRecipients ids of brokers that get none of their data
 */
public record CountryRule(Optional<Integer> minimumAge, AnswerTerms answers, Set<String> excludedRecipients) {
    /**
     * Highest age that may be asked for, or confirmed: above every age limit that laws have. It keeps a person's own age out of the log: what
     * is recorded is the limit that they confirmed.
     */
    public static final int HIGHEST_AGE = 30;

    /** Where a country has no rule of its own: what the GDPR says to everybody. */
    public static final CountryRule GDPR = new CountryRule(Optional.empty(), AnswerTerms.GDPR, Set.of());

    /** Copies the ids. */
    public CountryRule {
        excludedRecipients = Set.copyOf(excludedRecipients);
    }

    /** Whether {@code years} can be an age that is asked for. */
    public static boolean isAgeLimit(int years) {
        return years >= 1 && years <= HIGHEST_AGE;
    }

    /** Whether a person may be accepted who confirmed to have reached {@code declaredAge}, in years; empty: who confirmed nothing. */
    public boolean admits(Optional<Integer> declaredAge) {
        return minimumAge.isEmpty() || (declaredAge.isPresent() && declaredAge.get() >= minimumAge.get());
    }
}
