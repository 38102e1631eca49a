package org.brokerhandoff.audit.authority;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.brokerhandoff.event.DataCategory;

/**
 * When one signup's data was where, by the log.
 *
 * @param heldFrom when it was accepted; if never accepted, the time in its id (RFC 9562, version 7)
 * @param keyDestroyedAt when its key was destroyed; absent while it is held
 * @param unreachableAt when its sealed record was cut from the topics on all replicas; absent without evidence of that
 * @param eraseBy latest end of the topics' retention for it, if known
 * @param country of residence, as the consent names it; absent for messages, and where there is no consent
 * @param categories of data that were submitted; empty without a consent
 * @param contacts attempts to hand it over
 */
public record Exposure(
        UUID signupId,
        Instant heldFrom,
        Optional<Instant> keyDestroyedAt,
        Optional<Instant> unreachableAt,
        Optional<Instant> eraseBy,
        Optional<String> country,
        Set<DataCategory> categories,
        List<Contact> contacts) {
    /** An attempt that may have reached the broker. */
    public record Contact(String broker, Instant startedAt) {}

    /** Copies the collections. */
    public Exposure {
        categories = Set.copyOf(categories);
        contacts = List.copyOf(contacts);
    }
}
