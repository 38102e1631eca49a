package org.brokerhandoff.audit;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.apache.avro.specific.SpecificRecord;
import org.brokerhandoff.audit.verify.KeptRecord;
import org.brokerhandoff.event.CanaryChecked;
import org.brokerhandoff.event.CountryRulesPublished;
import org.brokerhandoff.event.LogErased;
import org.brokerhandoff.eventlog.EventEnvelope;
import org.brokerhandoff.ledger.entry.Leaf;
import org.brokerhandoff.schemas.Topic;

/** Records of kept topics as in Kafka, made of events by the publisher's own code, and tampered with. */
public final class Records {
    private Records() {}

    /** The record of an event, appended at the latest time in its content. */
    public static KeptRecord of(Topic topic, int partition, SpecificRecord event) {
        return of(topic, partition, 0, event, lastMoment(event));
    }

    private static Instant lastMoment(SpecificRecord event) {
        return event.getSchema().getFields().stream()
                .filter(field -> field.name().endsWith("At") && !field.name().equals("effectiveAt"))
                .map(field -> event.get(field.pos()))
                .filter(Instant.class::isInstance)
                .map(Instant.class::cast)
                .max(Comparator.naturalOrder())
                .orElse(Instant.EPOCH);
    }

    /** The record of an event, appended at {@code appendedAt}. */
    public static KeptRecord of(Topic topic, int partition, long offset, SpecificRecord event, Instant appendedAt) {
        return read(
                topic,
                new Leaf.Present(
                        new Leaf.Place(topic.baseName(), partition, offset),
                        appendedAt,
                        Optional.of(EventEnvelope.key(event)),
                        EventEnvelope.headers(event, "handoff", service(topic, event), appendedAt),
                        Optional.of(Life.CODEC.encode(event))));
    }

    private static String service(Topic topic, SpecificRecord event) {
        if (event instanceof LogErased) {
            return "/erasure-agent";
        } else if (event instanceof CanaryChecked) {
            return "/canary";
        }
        return topic == Topic.CONSENTS && !(event instanceof CountryRulesPublished) ? "/ingest" : "/router";
    }

    private static KeptRecord read(Topic topic, Leaf.Present stored) {
        return KeptRecord.of(topic, stored, true, Life.CODEC);
    }

    /** The same record at another position. */
    public static KeptRecord at(KeptRecord record, int partition, long offset) {
        Leaf.Present stored = record.stored();
        return new KeptRecord(
                record.topic(),
                new Leaf.Present(
                        new Leaf.Place(stored.place().topic(), partition, offset),
                        stored.appendedAt(),
                        stored.key(),
                        stored.headers(),
                        stored.value()),
                record.appendedByBroker(),
                record.content());
    }

    /** The same record with another key. */
    public static KeptRecord keyed(KeptRecord record, byte[] key) {
        Leaf.Present stored = record.stored();
        return read(
                record.topic(),
                new Leaf.Present(
                        stored.place(), stored.appendedAt(), Optional.of(key), stored.headers(), stored.value()));
    }

    /** The same record with other headers. */
    public static KeptRecord headers(KeptRecord record, UnaryOperator<List<Leaf.Header>> change) {
        Leaf.Present stored = record.stored();
        return read(
                record.topic(),
                new Leaf.Present(
                        stored.place(),
                        stored.appendedAt(),
                        stored.key(),
                        change.apply(new ArrayList<>(stored.headers())),
                        stored.value()));
    }

    /** The same record with another value for a header, or without it. */
    public static KeptRecord header(KeptRecord record, String name, Optional<String> value) {
        return headers(record, headers -> {
            headers.removeIf(header -> header.name().equals(name));
            value.ifPresent(
                    text -> headers.add(new Leaf.Header(name, Optional.of(text.getBytes(StandardCharsets.UTF_8)))));
            return headers;
        });
    }

    /** The same record with another value. */
    public static KeptRecord value(KeptRecord record, UnaryOperator<byte[]> change) {
        Leaf.Present stored = record.stored();
        return read(
                record.topic(),
                new Leaf.Present(
                        stored.place(),
                        stored.appendedAt(),
                        stored.key(),
                        stored.headers(),
                        stored.value().map(change)));
    }

    /** The same record, appended at another time, by the broker's clock or the producer's. */
    public static KeptRecord appended(KeptRecord record, Instant at, boolean byBroker) {
        Leaf.Present stored = record.stored();
        return new KeptRecord(
                record.topic(),
                new Leaf.Present(stored.place(), at, stored.key(), stored.headers(), stored.value()),
                byBroker,
                record.content());
    }

    /** The same record, with another reading of its value. */
    public static KeptRecord content(KeptRecord record, KeptRecord.Content content) {
        return new KeptRecord(record.topic(), record.stored(), record.appendedByBroker(), content);
    }
}
