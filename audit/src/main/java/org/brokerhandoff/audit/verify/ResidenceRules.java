package org.brokerhandoff.audit.verify;

import static org.brokerhandoff.audit.verify.ConsentRules.at;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.brokerhandoff.audit.verify.Fact.Consent;
import org.brokerhandoff.audit.verify.Fact.Residence;

/** Rules that depend on the country of residence: that the age was confirmed, and that no recipient excluded by the country got the data. */
final class ResidenceRules {
    static final Rule PUBLISHED = Rule.ofPublications(
            "country-rules-published",
            "The rules per country allow no more time to answer than the GDPR, and their digest matches their content.",
            publications -> publications.countries().faults());

    static final Rule AGE = Rule.ofSignup(
            "age-declared",
            "Where the country of residence requires an age, the person confirmed having reached it before their data was accepted.",
            (signup, scope) -> signup.all(Consent.class).stream()
                    .filter(consent -> !scope.publications()
                            .countries()
                            .permit(
                                    Optional.of(consent.residence().country()),
                                    Instant.ofEpochMilli(consent.receivedAtMillis()),
                                    rule -> rule.admits(Optional.ofNullable(
                                            consent.residence().declaredAge()))))
                    .map(consent -> "received at " + at(consent.receivedAtMillis()) + " from "
                            + consent.residence().country() + ", its consent declares "
                            + (consent.residence().declaredAge() == null
                                    ? "no age"
                                    : "only an age of " + consent.residence().declaredAge()))
                    .distinct()
                    .toList());

    static final Rule EXCLUDED = Rule.ofSignup(
            "recipient-not-excluded",
            "No broker is assigned a signup from a country whose rules exclude it.",
            (signup, scope) -> country(signup).stream()
                    .flatMap(country -> signup.all(Fact.Assignment.class).stream()
                            .filter(assignment -> !scope.publications()
                                    .countries()
                                    .permit(
                                            Optional.of(country),
                                            Instant.ofEpochMilli(assignment.decidedAtMillis()),
                                            rule -> !rule.excludedRecipients().contains(assignment.broker())))
                            .map(assignment -> assignment.broker() + " was assigned at "
                                    + at(assignment.decidedAtMillis()) + ", and the rules of " + country
                                    + " exclude it"))
                    .distinct()
                    .toList());

    static final List<Rule> ALL = List.of(PUBLISHED, AGE, EXCLUDED);

    private ResidenceRules() {}

    /** Where the person lives; unknown for messages to the helpdesk. */
    static Optional<String> country(SignupFacts signup) {
        return signup.first(Consent.class).map(Consent::residence).map(Residence::country);
    }
}
