package org.brokerhandoff.ingest.domain;

import org.brokerhandoff.event.RequestMethod;
import org.brokerhandoff.event.RightsType;

/**
 * What a person asks for.
 *
 * @param type which right
 * @param method how the request came
 */
public record RightsDemand(RightsType type, RequestMethod method) {}
