package org.brokerhandoff.ingest.authentication;

import java.util.Optional;
import java.util.UUID;

/**
 * A caller who has presented the capability of a receipt: the person, or a third party that received it from the person.
 *
 * @param signupId the only signup that it may act on
 */
public record ReceiptHolder(UUID signupId) implements Caller {
    @Override
    public boolean mayActOn(UUID id, Optional<String> owner) {
        return signupId.equals(id);
    }

    @Override
    public Optional<String> keyId() {
        return Optional.empty();
    }
}
