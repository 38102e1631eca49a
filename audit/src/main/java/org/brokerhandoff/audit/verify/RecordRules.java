package org.brokerhandoff.audit.verify;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificRecord;
import org.brokerhandoff.event.CanaryChecked;
import org.brokerhandoff.event.ClockJudged;
import org.brokerhandoff.event.ConsentGranted;
import org.brokerhandoff.event.ContactReceived;
import org.brokerhandoff.event.CustodyExamined;
import org.brokerhandoff.event.LogErased;
import org.brokerhandoff.eventlog.EventEnvelope;
import org.brokerhandoff.schemas.Decoded;
import org.brokerhandoff.schemas.Topic;

/** Rules on each record individually: that it contains exactly its event, from a service that may publish it. */
final class RecordRules {
    private static final String INGEST = "/ingest";
    private static final String ROUTER = "/router";
    private static final String REGISTER = "/register";
    private static final String ERASURE_AGENT = "/erasure-agent";
    private static final String CANARY = "/canary";

    static final Rule EXACT = Rule.ofRecord(
            "record-exact",
            "A record holds its event and the standard headers, each once, and nothing else.",
            (record, scope) -> {
                if (!(record.decoded() instanceof Decoded.Event known)) {
                    // An invalid one is reported by another rule.
                    return List.of();
                }
                List<String> found = new ArrayList<>(EventEnvelope.foreign(
                        record.stored().headers(),
                        known.event(),
                        record.stored().value().orElseThrow()));
                if (!record.content().exact()) {
                    found.add("its value holds more than the event");
                }
                return found;
            });

    static final Rule SOURCE = Rule.ofRecord(
            "record-source",
            "Every event was published by a service of this installation that is entitled to publish it.",
            (record, installation) -> {
                List<String> found = new ArrayList<>();
                record.source().ifPresent(source -> {
                    record.event()
                            .filter(event -> EventEnvelope.service(source)
                                    .filter(publishers(record.topic(), event)::contains)
                                    .isEmpty())
                            .ifPresent(event -> found.add(event.getSchema().getName()
                                    + " may not be published by the service that its header names"));
                    EventEnvelope.installation(source)
                            .filter(name -> !name.equals(installation.name()))
                            .ifPresent(other -> found.add("its header names an installation other than "
                                    + installation.name() + ", the one being checked (HANDOFF_INSTALLATION)"));
                });
                return found;
            });

    static final Rule BROKERS = Rule.ofPublished(
            "broker-published",
            "Every broker that is the subject of an event, and every recipient that a consent lists, is in a published"
                    + " directory.",
            (record, scope) -> {
                Set<String> published = scope.publications().directories().brokers();
                return record
                        .event()
                        .map(event -> named(event, scope).stream().anyMatch(broker -> !published.contains(broker)))
                        // A missing directory is reported by another rule.
                        .filter(unknown -> unknown && !published.isEmpty())
                        .map(unknown -> "it names a broker that was never published")
                        .stream()
                        .toList();
            });

    static final List<Rule> ALL = List.of(EXACT, SOURCE, BROKERS);

    private RecordRules() {}

    /**
     * A router publishes a withdrawal that ingest died before publishing; rules per country are published by both services that have them;
     * every service judges the clock.
     */
    private static Set<String> publishers(Topic topic, SpecificRecord event) {
        if (event instanceof LogErased) {
            return Set.of(ERASURE_AGENT);
        } else if (event instanceof CanaryChecked) {
            return Set.of(CANARY);
        }
        return switch (topic) {
            case CONSENTS ->
                event instanceof ConsentGranted || event instanceof ContactReceived
                        ? Set.of(INGEST)
                        : Set.of(INGEST, ROUTER);
            case HANDOFFS ->
                event.getSchema().getName().startsWith("Notice") ? Set.of(ROUTER, REGISTER) : Set.of(ROUTER);
            case PURGES ->
                event instanceof CustodyExamined || event instanceof ClockJudged
                        ? Set.of(INGEST, ROUTER, REGISTER)
                        : Set.of(ROUTER);
            default -> Set.of(ROUTER);
        };
    }

    /** Ingest has accepted only recipients in published directories since before routers accounted for offsets. */
    private static List<String> named(SpecificRecord event, Scope scope) {
        if (event instanceof ConsentGranted consent && scope.publications().recordsAccounted()) {
            return consent.getRecipients();
        }
        Schema.Field field = event.getSchema().getField("broker");
        return field != null && event.get(field.pos()) instanceof String broker ? List.of(broker) : List.of();
    }
}
