package org.brokerhandoff.country.file;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/** The rules per country cannot be used; the message has all problems. */
public final class InvalidCountryRules extends RuntimeException {
    private static final long serialVersionUID = 1L;

    InvalidCountryRules(Path file, List<CountryRulesProblem> problems) {
        super("the rules per country in " + file + " are not valid:\n  "
                + problems.stream().map(CountryRulesProblem::toString).collect(Collectors.joining("\n  ")));
    }
}
