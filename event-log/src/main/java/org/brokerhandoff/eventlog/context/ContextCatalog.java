package org.brokerhandoff.eventlog.context;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.brokerhandoff.ledger.entry.Leaf;

/**
 * Where the ledger has the records that concern no single signup and that signups are judged by, found by the beginning of their events' ids.
 * Their number follows that of publications, of starts and of suspended brokers. For several threads.
 *
 * <p>An id is what the record's header says. One that says something else is not found, and evidence without it does not hold.
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

    /** Takes up a record, if it is of a kind that signups are judged by. */
    public void add(Found found) {
        if (KINDS.stream().anyMatch(found.eventId()::startsWith)) {
            Leaf.Place place = found.place();
            byId.put(found.eventId() + ' ' + place.topic() + ' ' + place.partition() + ' ' + place.offset(), found);
        }
    }

    /** The records whose events' ids begin so, by when they were appended; those that the first {@code entries} of the ledger cover. */
    List<Found> beginning(String prefix, long entries) {
        return byId.subMap(prefix, prefix + Character.MAX_VALUE).values().stream()
                .filter(found -> found.entry() < entries)
                .sorted(Comparator.comparing(Found::appendedAt))
                .toList();
    }
}
