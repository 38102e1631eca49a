package org.brokerhandoff.ingest.domain;

import org.brokerhandoff.event.RequestMethod;
import org.brokerhandoff.event.RightsType;

/**
 * A person's request.
 *
 * @param type which right
 * @param method channel of the request
 */
public record RightsDemand(RightsType type, RequestMethod method) {}
