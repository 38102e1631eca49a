package org.brokerhandoff.ingest.accept;

import org.brokerhandoff.country.CountryRules;

/**
 * Which signups an installation accepts, beyond the general rules.
 *
 * @param extraMembers free members that it accepts
 * @param countries requirements of countries of residence
 * @param canary whether they are a retention canary's: those name canary brokers only, all others name none
 */
public record SignupTerms(ExtraMembers extraMembers, CountryRules countries, boolean canary) {
    /** Any free members, and no rules per country. */
    public static final SignupTerms ANY = new SignupTerms(ExtraMembers.ANY, CountryRules.NONE);

    /** Terms for people. */
    public SignupTerms(ExtraMembers extraMembers, CountryRules countries) {
        this(extraMembers, countries, false);
    }

    /** The same for a retention canary's key, or for any other. */
    public SignupTerms forKeyOf(boolean canary) {
        return new SignupTerms(extraMembers, countries, canary);
    }
}
