package org.brokerhandoff.audit.verify;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.brokerhandoff.audit.verify.Publications.Policy;
import org.brokerhandoff.event.DocumentKind;
import org.brokerhandoff.event.PlaceReleased;
import org.brokerhandoff.event.PlaceRequested;
import org.brokerhandoff.eventlog.EventPartitions;
import org.brokerhandoff.schemas.Decoded;
import org.brokerhandoff.schemas.EventId;
import org.brokerhandoff.schemas.Topic;

/** Rules on the log itself: whether it is whole, and whether every record is what and where it has to be. */
final class LogRules {
    static final Rule COMPLETE = Rule.ofPartition(
            "log-complete",
            "Nothing is missing from a kept topic: its offsets start at 0 and have no gaps.",
            (extent, scope) -> extent.records() == extent.endOffset()
                    ? List.of()
                    : List.of(extent.endOffset() - extent.records() + " of " + extent.endOffset()
                            + " records are missing"));

    static final Rule READABLE = Rule.ofRecord(
            "record-readable", "Every record of a kept topic is an event of a released schema.", (record, scope) -> {
                if (record.decoded() instanceof Decoded.UnknownSchema unknown) {
                    return List.of("its schema, fingerprint "
                            + String.format(Locale.ROOT, "%016x", unknown.fingerprint()) + ", was never released");
                }
                return record.decoded() instanceof Decoded.Undecodable
                        ? List.of("it is not an event, or a damaged one")
                        : List.of();
            });

    static final Rule CONTENT = Rule.ofRecord(
            "record-content",
            "Every text in an event is of the kind that its schema names, so that nothing about a person can hide in one.",
            (record, scope) -> record.foreignContent().stream().toList());

    static final Rule TOPIC = Rule.ofRecord(
            "record-topic",
            "Every event stands in a topic that may hold its type.",
            (record, scope) -> record.decoded() instanceof Decoded.Event known
                            && !record.topic()
                                    .recordTypes()
                                    .contains(known.event().getClass())
                    ? List.of(known.event().getSchema().getName() + " may not stand in this topic")
                    : List.of());

    static final Rule IDENTITY = Rule.ofRecord(
            "record-identity",
            "The id and type in an event's headers are those of its content, so that a repeat is recognised by them.",
            (record, scope) -> {
                if (record.event().isEmpty()) {
                    return List.of();
                }
                List<String> found = new ArrayList<>();
                if (!record.eventId().equals(record.event().map(EventId::of))) {
                    found.add("the id in its headers is not the id of its content");
                }
                if (!record.eventType()
                        .equals(record.event().map(event -> event.getSchema().getFullName()))) {
                    found.add("the type in its headers is not the type of its content");
                }
                return found;
            });

    static final Rule KEY = Rule.ofRecord(
            "record-key",
            "Every event about a signup, or a visitor, has that id as its key and stands in the partition of that id; a place"
                    + " stands in the partition of its broker.",
            (record, scope) -> {
                if (record.topic() == Topic.PLACES) {
                    return placesBroker(record)
                            .map(broker ->
                                    EventPartitions.of(broker.getBytes(StandardCharsets.UTF_8), scope.partitions()))
                            .filter(partition -> partition != record.partition())
                            .map(partition -> "it belongs into partition " + partition)
                            .stream()
                            .toList();
                }
                Optional<UUID> subject = record.event().flatMap(EventId::subject);
                if (subject.isEmpty()) {
                    return List.of();
                }
                if (misplaced(record, scope)) {
                    return List.of(
                            "it belongs into partition " + EventPartitions.of(subject.get(), scope.partitions()));
                }
                return record.keyedSignup().equals(subject)
                        ? List.of()
                        : List.of("its key is not the id that it is about");
            });

    static final Rule POLICIES_AGREE = Rule.ofPublications(
            "policy-repeats-agree",
            "A policy version in one language has one text and one date, however often it was published.",
            publications -> {
                List<String> found = new ArrayList<>();
                List<Policy> policies = publications.policies();
                for (int i = 0; i < policies.size(); i++) {
                    Policy policy = policies.get(i);
                    if (policies.subList(0, i).stream()
                            .anyMatch(
                                    earlier -> earlier.sameVersionAndLanguage(policy) && !earlier.agreesWith(policy))) {
                        found.add("policy "
                                + (policy.kind() == DocumentKind.PRIVACY ? "" : "of kind " + policy.kind() + " ")
                                + policy.version() + " (" + policy.language()
                                + ") was published again with another text or date");
                    }
                }
                return found;
            });

    static final Rule REPEATS_AGREE = Rule.ofSignup(
            "repeats-agree", "An event that was published again says the same as before.", (signup, scope) -> {
                List<String> found = new ArrayList<>();
                List<Fact> facts = signup.all();
                for (int i = 0; i < facts.size(); i++) {
                    Fact fact = facts.get(i);
                    if (facts.subList(0, i).stream()
                            .anyMatch(earlier -> earlier.getClass() == fact.getClass()
                                    && earlier.identity().equals(fact.identity())
                                    && !earlier.substance().equals(fact.substance()))) {
                        found.add("the event \"" + fact.identity() + "\" was published again and contradicts itself");
                    }
                }
                return found;
            });

    static final List<Rule> ALL =
            List.of(COMPLETE, READABLE, CONTENT, TOPIC, IDENTITY, KEY, POLICIES_AGREE, REPEATS_AGREE);

    private LogRules() {}

    private static Optional<String> placesBroker(KeptRecord record) {
        return record.event()
                .map(event -> event instanceof PlaceRequested requested
                        ? requested.getBroker()
                        : ((PlaceReleased) event).getBroker());
    }

    /** Whether a record about a signup, or a visitor, stands in a partition where that does not live. */
    static boolean misplaced(KeptRecord record, Scope scope) {
        return record.event()
                .flatMap(EventId::subject)
                .filter(subject -> EventPartitions.of(subject, scope.partitions()) != record.partition())
                .isPresent();
    }
}
