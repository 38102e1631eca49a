package org.brokerhandoff.ingest.accept;

import java.time.Instant;
import java.util.Optional;
import org.brokerhandoff.country.CountryRules;
import org.brokerhandoff.custody.PersonalData;
import org.brokerhandoff.ingest.domain.Consent;
import org.brokerhandoff.ingest.domain.Signup;

/** Reads the body of a signup request. */
public final class SignupParser {
    /** Version of the sealed person's JSON that this parser writes. */
    public static final int PERSON_SCHEMA = 1;

    private SignupParser() {}

    /**
     * Reads the first {@code length} bytes of {@code body}, which the caller wipes.
     *
     * @param now this service's clock
     */
    public static ParsedSignup parse(byte[] body, int length, Instant now) {
        return parse(body, length, now, SignupTerms.ANY);
    }

    /**
     * As {@link #parse(byte[], int, Instant)}.
     *
     * @param terms what the installation accepts
     */
    public static ParsedSignup parse(byte[] body, int length, Instant now, SignupTerms terms) {
        Faults faults = new Faults();
        PersonDraft person = new PersonDraft(faults, terms.extraMembers());
        ConsentDraft consent = new ConsentDraft(faults, terms.canary());
        boolean[] seen = {false, false};
        try (JsonCursor json = JsonCursor.open(body, length, faults)) {
            json.readBody("person, consent", name -> {
                switch (name) {
                    case "person" -> {
                        seen[0] = true;
                        person.read(json);
                    }
                    case "consent" -> {
                        seen[1] = true;
                        consent.read(json);
                    }
                    default -> {
                        return false;
                    }
                }
                return true;
            });
            return checked(person, seen[0], consent, seen[1], faults, length, now, terms.countries());
        } catch (JsonCursor.NotJson e) {
            return new ParsedSignup.Malformed();
        }
    }

    /** The person's values are valid only as long as the cursor is open. */
    private static ParsedSignup checked(
            PersonDraft person,
            boolean personSeen,
            ConsentDraft consent,
            boolean consentSeen,
            Faults faults,
            int length,
            Instant now,
            CountryRules countries) {
        if (personSeen) {
            person.check();
        } else {
            faults.add("/person", "required", "is required");
        }
        Optional<Consent> given = Optional.empty();
        if (consentSeen) {
            given = consent.check(now, countries.of(person.knownCountry()));
        } else {
            faults.add("/consent", "required", "is required");
        }
        if (!faults.isEmpty() || given.isEmpty()) {
            return new ParsedSignup.Invalid(faults.list());
        }
        PersonalData canonical = person.canonical(length);
        return new ParsedSignup.Valid(
                new Signup(person.country(), person.language(), person.hasExtra(), given.get()), canonical);
    }
}
