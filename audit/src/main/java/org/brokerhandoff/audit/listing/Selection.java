package org.brokerhandoff.audit.listing;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Selects records.
 *
 * @param types names of event types without namespace; empty for all
 * @param signup only events that name this signup or visitor, anywhere, and records with its key
 * @param broker only events that name this broker, anywhere
 * @param since only records appended at this time or later
 * @param until only records appended before this time
 */
public record Selection(
        Set<String> types,
        Optional<UUID> signup,
        Optional<String> broker,
        Optional<Instant> since,
        Optional<Instant> until) {
    /** Copies the names. */
    public Selection {
        types = Set.copyOf(types);
    }

    /** Whether {@code record} is selected. An unreadable one has neither type nor broker. */
    public boolean takes(ListedRecord record) {
        if (since.filter(record.appendedAt()::isBefore).isPresent()
                || until.filter(limit -> !record.appendedAt().isBefore(limit)).isPresent()) {
            return false;
        }
        boolean keyed = signup.equals(record.keyedSignup());
        if (record.content() instanceof ListedRecord.Event event) {
            return (types.isEmpty() || types.contains(event.name()))
                    && (keyed || names(event.data(), signup.map(UUID::toString)))
                    && names(event.data(), broker);
        }
        return types.isEmpty() && broker.isEmpty() && (keyed || signup.isEmpty());
    }

    private static boolean names(JsonNode data, Optional<String> text) {
        return text.map(wanted -> has(data, wanted)).orElse(true);
    }

    private static boolean has(JsonNode node, String wanted) {
        if (node.isTextual()) {
            return node.textValue().equals(wanted);
        }
        for (JsonNode child : node) {
            if (has(child, wanted)) {
                return true;
            }
        }
        return false;
    }
}
