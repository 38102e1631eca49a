package org.brokerhandoff.audit.verify;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.brokerhandoff.audit.verify.Publications.Policy;
import org.brokerhandoff.event.DocumentKind;
import org.brokerhandoff.eventlog.EventEnvelope;
import org.brokerhandoff.eventlog.EventPartitions;
import org.brokerhandoff.schemas.Decoded;
import org.brokerhandoff.schemas.EventId;
import org.brokerhandoff.schemas.Topic;

/** Rules on the log itself: whether it is complete, and every record is valid and at its proper position. */
final class LogRules {
    static final Rule COMPLETE = Rule.ofPartition(
            "log-complete",
            "Nothing is missing from a kept topic: its offsets start at 0 and have no gaps.",
            extent -> extent.records() == extent.endOffset()
                    ? List.of()
                    : List.of(extent.endOffset() - extent.records() + " of " + extent.endOffset()
                            + " records are missing"));

    static final Rule READABLE = Rule.ofRecord(
            "record-readable",
            "Every record of a kept topic is an event of a released schema.",
            (record, installation) -> {
                if (record.decoded() instanceof Decoded.UnknownSchema unknown) {
                    return List.of("its schema, fingerprint "
                            + String.format(Locale.ROOT, "%016x", unknown.fingerprint()) + ", was never released");
                }
                return record.decoded() instanceof Decoded.Undecodable
                        ? List.of("it is not an event, or is damaged")
                        : List.of();
            });

    static final Rule CONTENT = Rule.ofRecord(
            "record-content",
            "Every text in an event is of the kind that its schema names, so that nothing about a person can hide in one.",
            (record, installation) -> record.content().foreign().stream().toList());

    static final Rule TOPIC = Rule.ofRecord(
            "record-topic",
            "Every event is in a topic that may hold its type.",
            (record, installation) -> record.decoded() instanceof Decoded.Event known
                            && !record.topic()
                                    .recordTypes()
                                    .contains(known.event().getClass())
                    ? List.of(known.event().getSchema().getName() + " is not allowed in this topic")
                    : List.of());

    static final Rule IDENTITY = Rule.ofRecord(
            "record-identity",
            "The id and type in an event's headers match its content, so that repeats can be recognised by them.",
            (record, installation) -> {
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
            "Every event about a signup or a visitor has that id as its key and is in the partition of that id; a place has"
                    + " its broker as its key and is in the partition of that broker; every other event has its own id as its key.",
            (record, installation) -> {
                List<String> found = new ArrayList<>();
                home(record, installation.partitions())
                        .filter(partition -> partition != record.partition())
                        .ifPresent(partition -> found.add("it belongs in partition " + partition));
                record.event()
                        .map(EventEnvelope::key)
                        .filter(key -> record.stored()
                                .key()
                                .filter(stored -> Arrays.equals(stored, key))
                                .isEmpty())
                        .ifPresent(key -> found.add("its key is not the id that it is about"));
                return found;
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
                        found.add("the event \"" + fact.identity() + "\" was published again with different content");
                    }
                }
                return found;
            });

    static final List<Rule> ALL =
            List.of(COMPLETE, READABLE, CONTENT, TOPIC, IDENTITY, KEY, POLICIES_AGREE, REPEATS_AGREE);

    private LogRules() {}

    /** The partition required for an event about a signup, a visitor or a place. */
    private static Optional<Integer> home(KeptRecord record, int partitions) {
        return record.event()
                .filter(event ->
                        record.topic() == Topic.PLACES || EventId.subject(event).isPresent())
                .map(event -> EventPartitions.of(EventEnvelope.key(event), partitions));
    }

    /** Whether a record about a signup, or a visitor, is in the wrong partition. */
    static boolean misplaced(KeptRecord record, int partitions) {
        return record.event()
                .flatMap(EventId::subject)
                .filter(subject -> EventPartitions.of(subject, partitions) != record.partition())
                .isPresent();
    }
}
