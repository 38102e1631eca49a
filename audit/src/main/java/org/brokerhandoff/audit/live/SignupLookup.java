package org.brokerhandoff.audit.live;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.record.TimestampType;
import org.brokerhandoff.audit.evidence.EvidenceExport;
import org.brokerhandoff.audit.evidence.NoEvidence;
import org.brokerhandoff.audit.log.UpTo;
import org.brokerhandoff.audit.trace.TimeLine;
import org.brokerhandoff.audit.verify.KeptRecord;
import org.brokerhandoff.event.LogErased;
import org.brokerhandoff.eventlog.EventLogUnavailable;
import org.brokerhandoff.eventlog.EventPartitions;
import org.brokerhandoff.eventlog.KafkaClients;
import org.brokerhandoff.eventlog.LeafReader;
import org.brokerhandoff.ledger.evidence.EvidenceCheck;
import org.brokerhandoff.ledger.evidence.Verdict;
import org.brokerhandoff.ledger.note.Judgement;
import org.brokerhandoff.ledger.note.Policy;
import org.brokerhandoff.schemas.CloudEventHeaders;
import org.brokerhandoff.schemas.EventCodec;
import org.brokerhandoff.schemas.SignupIds;
import org.brokerhandoff.schemas.Topic;

/** Finds what the log says of one signup, and proves that this is all of it. Reads Kafka; slow where its partition is long. Thread-safe. */
final class SignupLookup {
    private static final List<Topic> TOPICS = List.of(Topic.CONSENTS, Topic.HANDOFFS, Topic.PURGES);
    private static final Duration LIMIT = Duration.ofSeconds(10);
    /** Ids are made by ingest's clock, offsets found by Kafka's. */
    private static final long DOUBT_MILLIS = Duration.ofHours(1).toMillis();

    private static final int TIME_BITS = 16;
    private static final String LOOK = LogErased.class.getName();

    private final KafkaClients clients;
    private final EventCodec codec;
    private final Optional<Policy> trust;

    /** {@code trust} says by whose signatures a proof holds; empty: signatures are not judged. */
    SignupLookup(KafkaClients clients, EventCodec codec, Optional<Policy> trust) {
        this.clients = clients;
        this.codec = codec;
        this.trust = trust;
    }

    /**
     * The signup's events.
     *
     * @throws EventLogUnavailable if Kafka does not answer
     */
    TimeLine timeLine(UUID signupId) {
        List<KeptRecord> records = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer = clients.rangeConsumer("handoff-audit-look")) {
            Map<TopicPartition, Topic> places = new HashMap<>();
            for (Topic topic : TOPICS) {
                String name = topic.name(clients.settings().topicPrefix());
                int count = consumer.partitionsFor(name, LIMIT).size();
                places.put(new TopicPartition(name, EventPartitions.of(signupId, count)), topic);
            }
            read(consumer, places, signupId, records);
        } catch (KafkaException e) {
            throw new EventLogUnavailable("the kept topics cannot be read", e);
        }
        return TimeLine.of(signupId, records);
    }

    private void read(
            KafkaConsumer<byte[], byte[]> consumer,
            Map<TopicPartition, Topic> places,
            UUID signupId,
            List<KeptRecord> records) {
        consumer.assign(places.keySet());
        Map<TopicPartition, Long> ends = consumer.endOffsets(places.keySet(), LIMIT);
        starts(consumer, places, signupId, ends).forEach(consumer::seek);
        byte[] key = SignupIds.bytes(signupId);
        UpTo.read(consumer, ends, "the kept topics", record -> {
            Topic topic = places.get(new TopicPartition(record.topic(), record.partition()));
            if (topic != null && (Arrays.equals(record.key(), key) || isLook(record))) {
                records.add(KeptRecord.of(
                        topic,
                        LeafReader.leaf(record, topic.baseName()),
                        record.timestampType() == TimestampType.LOG_APPEND_TIME,
                        codec));
            }
        });
    }

    /** Nothing of a signup was appended before its id was made. */
    private static Map<TopicPartition, Long> starts(
            KafkaConsumer<byte[], byte[]> consumer,
            Map<TopicPartition, Topic> places,
            UUID signupId,
            Map<TopicPartition, Long> ends) {
        Map<TopicPartition, Long> starts = new HashMap<>(consumer.beginningOffsets(places.keySet(), LIMIT));
        if (signupId.version() == 7) {
            long from = Math.max(0, (signupId.getMostSignificantBits() >>> TIME_BITS) - DOUBT_MILLIS);
            Map<TopicPartition, Long> wanted = new HashMap<>();
            places.keySet().forEach(place -> wanted.put(place, from));
            for (Map.Entry<TopicPartition, OffsetAndTimestamp> found :
                    consumer.offsetsForTimes(wanted, LIMIT).entrySet()) {
                starts.put(
                        found.getKey(),
                        found.getValue() == null
                                ? ends.getOrDefault(found.getKey(), 0L)
                                : found.getValue().offset());
            }
        }
        return starts;
    }

    private static boolean isLook(ConsumerRecord<byte[], byte[]> record) {
        Header type = record.headers().lastHeader(CloudEventHeaders.TYPE);
        return type != null && new String(type.value(), StandardCharsets.UTF_8).equals(LOOK);
    }

    /** Whether all events of the signup, up to the newest checkpoint, can be shown to be all. */
    Proof proof(UUID signupId) {
        try {
            byte[] evidence = EvidenceExport.of(clients, codec, signupId).bytes();
            if (trust.isEmpty()) {
                return Proof.unsigned(evidence);
            }
            Verdict verdict = EvidenceCheck.check(evidence, trust.get());
            if (verdict instanceof Verdict.Holds holds) {
                Judgement.Accepted head = holds.head();
                return new Proof.Complete(
                        holds.events().size(),
                        head.checkpoint().size(),
                        head.checkpoint().origin(),
                        head.earliestCosignature()
                                .or(() -> Optional.of(Proof.entryTime(evidence)))
                                .orElse(Instant.EPOCH),
                        Optional.of(head.level()),
                        head.cosigned().keySet().stream().sorted().toList());
            }
            return new Proof.Contradicted(
                    verdict instanceof Verdict.Fails fails ? fails.reason() : ((Verdict.Undecided) verdict).reason());
        } catch (NoEvidence e) {
            String why = String.valueOf(e.getMessage());
            return e.isContradiction() ? new Proof.Contradicted(why) : new Proof.None(why);
        }
    }
}
