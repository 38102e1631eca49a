package org.brokerhandoff.eventlog.context;

import static org.brokerhandoff.eventlog.context.ContextCatalog.COUNTRY_RULES;
import static org.brokerhandoff.eventlog.context.ContextCatalog.DIRECTORY;
import static org.brokerhandoff.eventlog.context.ContextCatalog.EXAMINED;
import static org.brokerhandoff.eventlog.context.ContextCatalog.POLICY;
import static org.brokerhandoff.eventlog.context.ContextCatalog.RESUMED;
import static org.brokerhandoff.eventlog.context.ContextCatalog.SUSPENDED;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificRecord;
import org.brokerhandoff.event.Assigned;
import org.brokerhandoff.event.BrokerLoad;
import org.brokerhandoff.event.ConsentGranted;
import org.brokerhandoff.event.CookieChoice;
import org.brokerhandoff.event.Digest;
import org.brokerhandoff.event.Postponed;
import org.brokerhandoff.event.Purged;
import org.brokerhandoff.event.Undeliverable;
import org.brokerhandoff.eventlog.context.ContextCatalog.Found;
import org.brokerhandoff.ledger.entry.Leaf;
import org.brokerhandoff.schemas.Decoded;
import org.brokerhandoff.schemas.Digests;
import org.brokerhandoff.schemas.EventCodec;

/**
 * Selects the context that the events of one signup, or visitor, are judged by: every text that a consent may have been given to; the
 * directory that a decision names; the directories, the rules per country and the suspensions that may have been in force at its events; and
 * the examinations that purges name. Others are omitted, so that a file does not grow with the installation's age.
 */
public final class ContextSelection {
    /** Upper bound of the skew between publishers and Kafka's brokers, plus delays by Kafka. */
    private static final Duration NEAR = Duration.ofMinutes(5);

    private final ContextCatalog catalog;
    private final long entries;
    private final Set<Found> chosen =
            new TreeSet<>(Comparator.comparing((Found found) -> found.place().topic())
                    .thenComparing(found -> found.place().partition())
                    .thenComparing(found -> found.place().offset()));

    private ContextSelection(ContextCatalog catalog, long entries) {
        this.catalog = catalog;
        this.entries = entries;
    }

    /**
     * An event about the signup.
     *
     * @param appendedAt Kafka's append time
     */
    public record Event(SpecificRecord event, Instant appendedAt) {
        /** The event of a leaf; empty if this version does not know it. */
        public static Optional<Event> of(Leaf leaf, EventCodec codec) {
            return leaf instanceof Leaf.Present record
                            && record.value().isPresent()
                            && codec.decode(record.value().get()) instanceof Decoded.Event known
                    ? Optional.of(new Event(known.event(), record.appendedAt()))
                    : Optional.empty();
        }
    }

    /** The context of {@code events}, from the ledger's first {@code entries} in {@code catalog}; ordered by position. */
    public static List<Found> of(Collection<Event> events, ContextCatalog catalog, long entries) {
        ContextSelection selection = new ContextSelection(catalog, entries);
        events.forEach(selection::choose);
        return List.copyOf(selection.chosen);
    }

    private void choose(Event about) {
        SpecificRecord event = about.event();
        for (Instant moment : moments(about)) {
            inForce(catalog.beginning(DIRECTORY, entries), moment);
            inForce(catalog.beginning(COUNTRY_RULES, entries), moment);
        }
        if (event instanceof ConsentGranted || event instanceof CookieChoice) {
            policies(about.appendedAt());
        } else if (event instanceof Assigned decision) {
            decided(decision.getDirectoryDigest(), decision.getLoads(), decision.getDecidedAt());
        } else if (event instanceof Postponed decision) {
            decided(decision.getDirectoryDigest(), decision.getLoads(), decision.getDecidedAt());
        } else if (event instanceof Undeliverable decision) {
            decided(decision.getDirectoryDigest(), decision.getLoads(), decision.getDecidedAt());
        } else if (event instanceof Purged purged) {
            if (purged.getInstance() == null) {
                inForce(catalog.beginning(EXAMINED, entries), purged.getPurgedAt());
            } else {
                first(EXAMINED + HexFormat.of().formatHex(purged.getInstance().bytes()));
            }
        }
    }

    /** When the content of an event happened: its own times, as it may have waited for Kafka. Later ones are promises. */
    private static List<Instant> moments(Event about) {
        List<Instant> moments = new ArrayList<>(List.of(about.appendedAt()));
        for (Schema.Field field : about.event().getSchema().getFields()) {
            if (about.event().get(field.pos()) instanceof Instant moment && moment.isBefore(about.appendedAt())) {
                moments.add(moment);
            }
        }
        return moments;
    }

    private void decided(Digest directory, List<BrokerLoad> loads, Instant decidedAt) {
        first(DIRECTORY + Digests.hex(directory));
        for (BrokerLoad load : loads) {
            if (load.getSuspended()) {
                inForce(
                        Stream.of(SUSPENDED, RESUMED)
                                .flatMap(kind -> catalog.beginning(kind + load.getBroker() + "/", entries).stream())
                                .sorted(Comparator.comparing(Found::appendedAt))
                                .toList(),
                        decidedAt);
            }
        }
    }

    private void first(String eventId) {
        catalog.beginning(eventId, entries).stream().limit(1).forEach(chosen::add);
    }

    /** The newest before the moment, and all too close to it to decide. */
    private void inForce(List<Found> byTime, Instant moment) {
        Instant from = moment.minus(NEAR);
        byTime.stream()
                .filter(found -> found.appendedAt().isBefore(from))
                .reduce((earlier, later) -> later)
                .ifPresent(chosen::add);
        byTime.stream()
                .filter(found -> !found.appendedAt().isBefore(from)
                        && !found.appendedAt().isAfter(moment.plus(NEAR)))
                .forEach(chosen::add);
    }

    /** The first publication of every version and language, and the newest by then: another text with the same name is a fault. */
    private void policies(Instant moment) {
        Map<String, List<Found>> byId = catalog.beginning(POLICY, entries).stream()
                .filter(found -> !found.appendedAt().isAfter(moment.plus(NEAR)))
                .collect(Collectors.groupingBy(Found::eventId));
        byId.values().forEach(publications -> {
            chosen.add(publications.get(0));
            chosen.add(publications.get(publications.size() - 1));
        });
    }
}
