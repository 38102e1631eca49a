package org.brokerhandoff.ingest.accept;

import java.util.Optional;
import org.brokerhandoff.custody.PersonalData;

/**
 * The new data of a rectification.
 *
 * @param country country of residence, ISO 3166-1 alpha-2
 * @param language the person's language, BCP 47
 * @param supplementary whether there is more than identity, contact, country and language
 * @param person the complete person, in the form of a signup's; its holder wipes it
 */
public record CorrectedPerson(String country, Optional<String> language, boolean supplementary, PersonalData person) {}
