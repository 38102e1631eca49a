package org.brokerhandoff.ingest.domain;

import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * A validated correction of what the recipient of an earlier signup holds, without the person.
 *
 * @param concerns the signup whose data it corrects
 * @param country country of residence, ISO 3166-1 alpha-2
 * @param language the person's language, BCP 47
 * @param supplementary whether the person submitted more than identity, contact, country and language
 * @param recipients holders of that signup
 */
public record Correction(
        UUID concerns, String country, Optional<String> language, boolean supplementary, List<String> recipients) {
    /** Copies the list. */
    public Correction {
        recipients = List.copyOf(recipients);
    }
}
