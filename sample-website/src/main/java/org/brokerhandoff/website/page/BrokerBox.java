package org.brokerhandoff.website.page;

/**
 * A broker with its box to tick, as the form lists it.
 *
 * @param place where it is established, in words
 * @param policyName the text of the link to its policy
 */
public record BrokerBox(String id, String name, String place, String privacyPolicy, String policyName) {}
