package org.brokerhandoff.ingest.domain;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A person's consent that their data goes to one of the named brokers. The purpose is always the hand-off: no other exists.
 *
 * @param policyVersion version of the privacy policy that was shown
 * @param recipients ids of the brokers it covers, at least one, distinct
 * @param givenAt when the person consented, to the millisecond
 * @param method how
 * @param formSha256 SHA-256 of the form shown, 64 lower-case hexadecimal digits
 * @param declaredAge age in years that the person confirmed to have reached: a limit that the form asked for, not their age
 */
public record Consent(
        String policyVersion,
        List<String> recipients,
        Instant givenAt,
        ConsentMethod method,
        Optional<String> formSha256,
        Optional<Integer> declaredAge) {
    /** The one purpose, as requests and receipts name it. */
    public static final String PURPOSE = "broker-handoff";

    public Consent {
        recipients = List.copyOf(recipients);
    }

    /** The same, given at another time. */
    Consent givenAt(Instant at) {
        return new Consent(policyVersion, recipients, at, method, formSha256, declaredAge);
    }
}
