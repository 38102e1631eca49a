package org.brokerhandoff.country.file;

import java.util.List;
import org.brokerhandoff.country.CountryRules;

/** What {@code countries.yaml} holds. */
public sealed interface ParsedCountryRules {
    /** A version that may be used. */
    record Valid(CountryRules rules) implements ParsedCountryRules {}

    /** All that is wrong with it, in the order of the file. */
    record Invalid(List<CountryRulesProblem> problems) implements ParsedCountryRules {
        /** Copies the list. */
        public Invalid {
            problems = List.copyOf(problems);
        }
    }
}
