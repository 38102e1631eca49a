package org.brokerhandoff.ingest.domain;

import org.brokerhandoff.event.RequestMethod;

/**
 * A person's answer to the question whether data may be disclosed.
 *
 * @param method channel of the answer
 */
public record DisclosureConsent(boolean consented, RequestMethod method) {}
