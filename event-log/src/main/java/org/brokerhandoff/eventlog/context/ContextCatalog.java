package org.brokerhandoff.eventlog.context;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.brokerhandoff.ledger.entry.Leaf;

/**
 * Ledger positions of the records that concern no single signup and that signups are judged by, found by the prefix of their events' ids.
 * Their number grows with that of publications, starts and suspended brokers. Thread-safe.
 *
 * <p>An id is taken from the record's header. A record with a wrong header is not found, and evidence without it is invalid.
 */
public final class ContextCatalog {
    static final String POLICY = "policy/";
    static final String DIRECTORY = "directory/";
    static final String COUNTRY_RULES = "country-rules/";
    static final String EXAMINED = "examined/";
    static final String SUSPENDED = "suspended/";
    static final String RESUMED = "resumed/";

    private static final List<String> KINDS = List.of(POLICY, DIRECTORY, COUNTRY_RULES, EXAMINED, SUSPENDED, RESUMED);

    private final NavigableMap<String, Found> byId = new ConcurrentSkipListMap<>();

    /**
     * A record.
     *
     * @param entry number of the ledger's entry that covers it
     */
    public record Found(long entry, Leaf.Place place, Instant appendedAt, String eventId) {}

    /** Adds a record, if it is of a kind that signups are judged by. */
    public void add(Found found) {
        if (KINDS.stream().anyMatch(found.eventId()::startsWith)) {
            Leaf.Place place = found.place();
            byId.put(found.eventId() + ' ' + place.topic() + ' ' + place.partition() + ' ' + place.offset(), found);
        }
    }

    /** The records whose events' ids have this prefix, by append time; those that the first {@code entries} of the ledger cover. */
    List<Found> beginning(String prefix, long entries) {
        return byId.subMap(prefix, prefix + Character.MAX_VALUE).values().stream()
                .filter(found -> found.entry() < entries)
                .sorted(Comparator.comparing(Found::appendedAt))
                .toList();
    }
}
