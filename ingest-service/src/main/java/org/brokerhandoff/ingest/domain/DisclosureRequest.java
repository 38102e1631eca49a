package org.brokerhandoff.ingest.domain;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.brokerhandoff.event.DisclosureBasis;
import org.brokerhandoff.event.DisclosureRequester;
import org.brokerhandoff.event.DisclosureScope;

/**
 * A validated request that data of a signup be disclosed, without the requester's contact details.
 *
 * @param country under whose law, ISO 3166-1
 * @param scope what is asked for, at least one
 * @param preservation whether it orders that data be preserved
 * @param preserveUntil until when, so that granting it creates a hold; empty: it is recorded, and prolongs nothing
 */
public record DisclosureRequest(
        UUID signupId,
        DisclosureRequester requester,
        String country,
        DisclosureBasis basis,
        List<DisclosureScope> scope,
        boolean preservation,
        Optional<Instant> preserveUntil) {
    public DisclosureRequest {
        scope = List.copyOf(scope);
    }
}
