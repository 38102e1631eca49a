package org.brokerhandoff.ingest.accept;

import org.brokerhandoff.country.CountryRules;

/**
 * Which signups an installation takes, beyond what holds everywhere.
 *
 * @param extraMembers free members that it takes
 * @param countries what countries of residence ask for
 */
public record SignupTerms(ExtraMembers extraMembers, CountryRules countries) {
    /** Any free members, and no rules of countries. */
    public static final SignupTerms ANY = new SignupTerms(ExtraMembers.ANY, CountryRules.NONE);
}
