package org.brokerhandoff.website;

import java.net.URI;

/**
 * A broker as the registration form names it.
 *
 * @param id its id in the broker directory
 * @param name its name
 * @param establishedIn country of establishment, ISO 3166-1 alpha-2
 * @param privacyPolicy its own privacy policy
 */
public record NamedBroker(String id, String name, String establishedIn, URI privacyPolicy) {}
