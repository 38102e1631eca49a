package org.brokerhandoff.bench.tampering;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BiPredicate;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.apache.avro.specific.SpecificRecord;
import org.brokerhandoff.audit.verify.KeptRecord;
import org.brokerhandoff.bench.tampering.CopiedLog.Place;
import org.brokerhandoff.event.Assigned;
import org.brokerhandoff.event.ConsentGranted;
import org.brokerhandoff.event.ConsentWithdrawn;
import org.brokerhandoff.event.Delivered;
import org.brokerhandoff.event.DisclosureRequested;
import org.brokerhandoff.event.Parked;
import org.brokerhandoff.event.RightsRequested;
import org.brokerhandoff.eventlog.EventEnvelope;
import org.brokerhandoff.eventlog.EventPartitions;
import org.brokerhandoff.ledger.entry.Leaf;
import org.brokerhandoff.schemas.CloudEventHeaders;
import org.brokerhandoff.schemas.EventId;
import org.brokerhandoff.schemas.Topic;

/**
 * Injects faults into a log as someone with write access to every file of Kafka could: ids, keys, types and offsets are consistent
 * afterwards, unless the fault is in them. Picks the first suitable record of the log.
 */
final class Forger {
    private final CopiedLog log;
    private final Map<UUID, Life> lives = new HashMap<>();

    /** A record and its event. */
    record Found<E>(KeptRecord record, E event) {}

    /** The log's events of one signup, topic by topic. */
    static final class Life {
        private final List<SpecificRecord> events = new ArrayList<>();

        boolean has(Class<? extends SpecificRecord> type) {
            return events.stream().anyMatch(type::isInstance);
        }

        <E extends SpecificRecord> boolean has(Class<E> type, Predicate<E> which) {
            return events.stream().filter(type::isInstance).map(type::cast).anyMatch(which);
        }

        <E extends SpecificRecord> Optional<E> first(Class<E> type) {
            return events.stream().filter(type::isInstance).map(type::cast).findFirst();
        }

        <E extends SpecificRecord> long count(Class<E> type) {
            return events.stream().filter(type::isInstance).count();
        }
    }

    Forger(CopiedLog log) {
        this.log = log;
        for (KeptRecord record : log.all()) {
            record.event()
                    .ifPresent(event -> EventId.signup(event)
                            .ifPresent(signup -> lives.computeIfAbsent(signup, any -> new Life())
                                    .events
                                    .add(event)));
        }
    }

    CopiedLog log() {
        return log;
    }

    Life life(SpecificRecord event) {
        return EventId.signup(event).map(lives::get).orElseGet(Life::new);
    }

    <E extends SpecificRecord> Optional<Found<E>> first(Class<E> type, BiPredicate<E, Life> which) {
        return log.all().stream()
                .flatMap(record -> record.event().stream()
                        .filter(type::isInstance)
                        .map(event -> new Found<>(record, type.cast(event))))
                .filter(found -> which.test(found.event(), life(found.event())))
                .findFirst();
    }

    /** Any of them. */
    static <E> BiPredicate<E, Life> any() {
        return (event, life) -> true;
    }

    /** One whose signup was delivered, once, without anything special. */
    static <E> BiPredicate<E, Life> plain() {
        return (event, life) -> life.has(Delivered.class)
                && life.has(ConsentGranted.class)
                && life.count(Assigned.class) == 1
                && !life.has(ConsentWithdrawn.class)
                && !life.has(RightsRequested.class)
                && !life.has(Parked.class)
                && !life.has(DisclosureRequested.class);
    }

    /** Replaces an event by another, with a matching envelope. */
    <E extends SpecificRecord> Optional<Forgery> change(
            Class<E> type, BiPredicate<E, Life> which, Function<E, ? extends SpecificRecord> change) {
        return first(type, which).map(found -> {
            SpecificRecord changed = change.apply(found.event());
            return replaced(
                    found.record(),
                    holding(found.record(), changed),
                    EventId.signup(changed).or(() -> EventId.signup(found.event())));
        });
    }

    /** Replaces a record in Kafka, byte for byte. */
    <E extends SpecificRecord> Optional<Forgery> raw(
            Class<E> type, BiPredicate<E, Life> which, UnaryOperator<Leaf.Present> change) {
        return first(type, which)
                .map(found -> replaced(
                        found.record(),
                        read(found.record().topic(), change.apply(found.record().stored()), true),
                        EventId.signup(found.event())));
    }

    /** Declares the timestamp to be the producer's. */
    <E extends SpecificRecord> Optional<Forgery> timedByProducer(Class<E> type, BiPredicate<E, Life> which) {
        return first(type, which)
                .map(found -> replaced(
                        found.record(),
                        read(found.record().topic(), found.record().stored(), false),
                        EventId.signup(found.event())));
    }

    /** Removes a record; those after it move up. */
    <E extends SpecificRecord> Optional<Forgery> remove(Class<E> type, BiPredicate<E, Life> which) {
        return first(type, which).map(found -> {
            List<KeptRecord> left = new ArrayList<>(log.in(Place.of(found.record())));
            left.remove(found.record());
            return new Forgery(log.with(Place.of(found.record()), left), EventId.signup(found.event()));
        });
    }

    /** Removes every matching record. */
    <E extends SpecificRecord> Optional<Forgery> removeAll(Class<E> type, BiPredicate<E, Life> which) {
        CopiedLog left = log;
        Optional<UUID> signup = Optional.empty();
        Forger rest = this;
        while (rest.first(type, which).isPresent()) {
            Forgery once = rest.remove(type, which).orElseThrow();
            left = once.log();
            signup = signup.or(once::signup);
            rest = new Forger(left);
        }
        return rest == this ? Optional.empty() : Optional.of(new Forgery(left, signup));
    }

    /** Inserts an event that never happened after a record of the same signup: into its topic, or at that time into another. */
    <E extends SpecificRecord> Optional<Forgery> add(
            Class<E> type, BiPredicate<E, Life> which, Function<E, ? extends SpecificRecord> made) {
        return first(type, which).map(found -> {
            SpecificRecord event = made.apply(found.event());
            Topic topic = topic(event);
            Place place = new Place(
                    topic,
                    topic == Topic.PLACES || EventId.subject(event).isPresent()
                            ? EventPartitions.of(EventEnvelope.key(event), log.partitions())
                            : found.record().partition());
            List<KeptRecord> more = new ArrayList<>(log.in(place));
            int behind = place.equals(Place.of(found.record()))
                    ? more.indexOf(found.record()) + 1
                    : (int) more.stream()
                            .filter(record ->
                                    !record.appendedAt().isAfter(found.record().appendedAt()))
                            .count();
            more.add(behind, holding(found.record(), event));
            return new Forgery(log.with(place, more), EventId.signup(event));
        });
    }

    /** Repeats the record directly after itself, with other content; the records after it move. */
    <E extends SpecificRecord> Optional<Forgery> again(
            Class<E> type, BiPredicate<E, Life> which, UnaryOperator<E> change) {
        return first(type, (event, life) -> which.test(event, life) && !newest(event))
                .map(found -> {
                    List<KeptRecord> more = new ArrayList<>(log.in(Place.of(found.record())));
                    more.add(more.indexOf(found.record()) + 1, holding(found.record(), change.apply(found.event())));
                    return new Forgery(log.with(Place.of(found.record()), more), EventId.signup(found.event()));
                });
    }

    /** Whether it is the last one of its partition: no checkpoint covers what comes after it. */
    private boolean newest(SpecificRecord event) {
        return log.all().stream()
                .filter(record -> record.event().filter(each -> each == event).isPresent())
                .allMatch(record -> log.in(Place.of(record)).indexOf(record)
                        == log.in(Place.of(record)).size() - 1);
    }

    /** Moves a record after the last one of its signup, or of its type, that matches {@code behind}. */
    <E extends SpecificRecord> Optional<Forgery> move(
            Class<E> type, BiPredicate<E, Life> which, Class<? extends SpecificRecord> behind) {
        return first(type, which).flatMap(found -> {
            List<KeptRecord> moved = new ArrayList<>(log.in(Place.of(found.record())));
            Optional<UUID> signup = EventId.signup(found.event());
            List<KeptRecord> others = moved.stream()
                    .filter(record -> record.event()
                            .filter(event -> behind.isInstance(event)
                                    && EventId.signup(event).equals(signup))
                            .isPresent())
                    .toList();
            if (others.isEmpty()) {
                return Optional.empty();
            }
            KeptRecord last = others.get(others.size() - 1);
            moved.remove(found.record());
            moved.add(moved.indexOf(last) + 1, appended(found.record(), last.appendedAt()));
            return Optional.of(new Forgery(log.with(Place.of(found.record()), moved), signup));
        });
    }

    /** Swaps a record and the next one of its type and partition, each with the time of its new position. */
    <E extends SpecificRecord> Optional<Forgery> swap(Class<E> type, BiPredicate<E, Life> which) {
        for (KeptRecord record : log.all()) {
            List<KeptRecord> here = log.in(Place.of(record));
            List<KeptRecord> fitting = here.stream()
                    .filter(each -> each.event()
                            .filter(event -> type.isInstance(event) && which.test(type.cast(event), life(event)))
                            .isPresent())
                    .toList();
            if (fitting.size() > 1) {
                KeptRecord first = fitting.get(0);
                KeptRecord second = fitting.get(1);
                List<KeptRecord> swapped = new ArrayList<>(here);
                swapped.set(here.indexOf(first), appended(second, first.appendedAt()));
                swapped.set(here.indexOf(second), appended(first, second.appendedAt()));
                return Optional.of(new Forgery(log.with(Place.of(record), swapped), Optional.empty()));
            }
        }
        return Optional.empty();
    }

    /** Removes the beginning of a topic. */
    Optional<Forgery> cut(Topic topic, int count) {
        return log.all().stream()
                .filter(record ->
                        record.topic() == topic && log.in(Place.of(record)).size() > count)
                .findFirst()
                .map(record -> new Forgery(log.cutBefore(Place.of(record), count), Optional.empty()));
    }

    /** Removes one record in the middle, and leaves its offset empty. */
    <E extends SpecificRecord> Optional<Forgery> hole(Class<E> type, BiPredicate<E, Life> which) {
        return first(type, which)
                .map(found -> new Forgery(
                        log.hole(
                                Place.of(found.record()),
                                log.in(Place.of(found.record())).indexOf(found.record())),
                        Optional.empty()));
    }

    /** Moves a record to a partition other than its signup's, to the end. */
    <E extends SpecificRecord> Optional<Forgery> elsewhere(Class<E> type, BiPredicate<E, Life> which) {
        return first(type, which).map(found -> {
            Place from = Place.of(found.record());
            Place to = new Place(from.topic(), (from.partition() + 1) % log.partitions());
            List<KeptRecord> left = new ArrayList<>(log.in(from));
            left.remove(found.record());
            List<KeptRecord> more = new ArrayList<>(log.in(to));
            more.add(found.record());
            return new Forgery(log.with(from, left).with(to, more), EventId.signup(found.event()));
        });
    }

    /** The record with another event, and the matching id, type and key. */
    private KeptRecord holding(KeptRecord record, SpecificRecord event) {
        Leaf.Present stored = record.stored();
        List<Leaf.Header> headers = stored.headers().stream()
                .map(header -> switch (header.name()) {
                    case CloudEventHeaders.ID -> LeafChange.header(header.name(), EventId.of(event));
                    case CloudEventHeaders.TYPE ->
                        LeafChange.header(header.name(), event.getSchema().getFullName());
                    default -> header;
                })
                .toList();
        return read(
                topic(event),
                new Leaf.Present(
                        stored.place(),
                        stored.appendedAt(),
                        Optional.of(EventEnvelope.key(event)),
                        headers,
                        Optional.of(log.codec().encode(event))),
                true);
    }

    private KeptRecord appended(KeptRecord record, Instant at) {
        Leaf.Present stored = record.stored();
        return read(
                record.topic(),
                new Leaf.Present(stored.place(), at, stored.key(), stored.headers(), stored.value()),
                record.appendedByBroker());
    }

    private Forgery replaced(KeptRecord before, KeptRecord after, Optional<UUID> signup) {
        List<KeptRecord> records = new ArrayList<>(log.in(Place.of(before)));
        records.set(records.indexOf(before), after);
        return new Forgery(log.with(Place.of(before), records), signup);
    }

    private KeptRecord read(Topic topic, Leaf.Present stored, boolean appendedByBroker) {
        return KeptRecord.of(topic, stored, appendedByBroker, log.codec());
    }

    private static Topic topic(SpecificRecord event) {
        for (Topic topic : Topic.values()) {
            if (topic.kept() && topic.recordTypes().contains(event.getClass())) {
                return topic;
            }
        }
        throw new IllegalArgumentException("stands in no kept topic");
    }
}
