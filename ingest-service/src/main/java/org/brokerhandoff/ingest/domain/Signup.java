package org.brokerhandoff.ingest.domain;

import java.util.Optional;

/**
 * A validated signup without the person: what routing and evidence need.
 *
 * @param country country of residence, ISO 3166-1 alpha-2
 * @param language the person's language, BCP 47
 * @param supplementary whether the person submitted more than identity, contact, country and language
 * @param consent what they consented to
 */
public record Signup(String country, Optional<String> language, boolean supplementary, Consent consent) {}
