package org.brokerhandoff.bench;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.brokerhandoff.event.ConsentWithdrawn;
import org.brokerhandoff.event.Delivered;
import org.brokerhandoff.event.PurgeLevel;
import org.brokerhandoff.event.PurgeReason;
import org.brokerhandoff.event.Purged;
import org.brokerhandoff.event.ReadBack;
import org.brokerhandoff.event.WithdrawalMethod;
import org.brokerhandoff.event.WithdrawalOutcome;
import org.brokerhandoff.eventlog.EventLogSettings;
import org.brokerhandoff.eventlog.EventPartitions;
import org.brokerhandoff.schemas.CloudEventHeaders;
import org.brokerhandoff.schemas.EventCodec;
import org.brokerhandoff.schemas.SignupIds;
import org.brokerhandoff.schemas.Topic;

/**
 * Writes the remains of many finished signups in the kept topics: for each an event in {@code consents}, {@code handoffs} and {@code purges},
 * with the size and the headers of the services. An event is encoded once, and its copies differ in the signup's id: so ten million signups
 * take minutes.
 */
final class SyntheticHistory {
    /** Events of each signup. */
    static final int EVENTS = 3;

    /** Placeholder of an id in the encoded events: found again by its bytes. */
    private static final UUID PLACEHOLDER = new UUID(0x5bd1e995_9f3c_41a7L, 0x9e3779b9_7f4a_7c15L);

    private final EventLogSettings settings;
    private final List<Template> templates;

    /** One event, encoded. */
    private static final class Template {
        private final String topic;
        private final byte[] value;
        private final int idAt;
        private final List<Header> headers;

        Template(Topic topic, EventLogSettings settings, EventCodec codec, SpecificRecord event) {
            this.topic = topic.name(settings.topicPrefix());
            this.value = codec.encode(event);
            byte[] id = SignupIds.bytes(PLACEHOLDER);
            int at = 0;
            while (!Arrays.equals(value, at, at + id.length, id, 0, id.length)) {
                at++;
            }
            this.idAt = at;
            this.headers = List.of(
                    header(CloudEventHeaders.SPECVERSION, "1.0"),
                    header(CloudEventHeaders.SOURCE, "/bench"),
                    header(CloudEventHeaders.TYPE, event.getSchema().getFullName()),
                    header(CloudEventHeaders.TIME, Instant.now().toString()),
                    header(CloudEventHeaders.CONTENT_TYPE, CloudEventHeaders.AVRO_MEDIA_TYPE));
        }

        ProducerRecord<byte[], byte[]> of(byte[] signup, int partition, UUID eventId) {
            byte[] copy = value.clone();
            System.arraycopy(signup, 0, copy, idAt, signup.length);
            ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(topic, partition, signup, copy, headers);
            record.headers().add(header(CloudEventHeaders.ID, eventId.toString()));
            return record;
        }
    }

    /** A history in the log of {@code settings}, whose topics exist. */
    SyntheticHistory(EventLogSettings settings, EventCodec codec, String broker) {
        Instant at = Instant.now();
        this.settings = settings;
        this.templates = List.of(
                new Template(Topic.CONSENTS, settings, codec, withdrawn(at)),
                new Template(Topic.HANDOFFS, settings, codec, delivered(at, broker)),
                new Template(Topic.PURGES, settings, codec, purged(at)));
    }

    /**
     * Writes the events of {@code signups} signups, each with its own id, and waits until Kafka has them.
     *
     * @throws IllegalStateException if Kafka refused one
     */
    void write(long signups) {
        Map<String, Object> properties = new HashMap<>(settings.clientProperties());
        properties.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, settings.bootstrapServers());
        properties.put(CommonClientConfigs.CLIENT_ID_CONFIG, "bench-history");
        properties.put(ProducerConfig.LINGER_MS_CONFIG, 20);
        properties.put(ProducerConfig.BATCH_SIZE_CONFIG, 512 * 1024);
        properties.put(ProducerConfig.BUFFER_MEMORY_CONFIG, 64L << 20);
        AtomicBoolean refused = new AtomicBoolean();
        SplittableRandom random = new SplittableRandom();
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer())) {
            for (long number = 0; number < signups && !refused.get(); number++) {
                byte[] id = SignupIds.bytes(id(random));
                int partition = EventPartitions.of(id, settings.partitions());
                for (Template template : templates) {
                    var unused = producer.send(template.of(id, partition, id(random)), (metadata, failure) -> {
                        if (failure != null) {
                            refused.set(true);
                        }
                    });
                }
            }
            producer.flush();
        }
        if (refused.get()) {
            throw new IllegalStateException("Kafka refused some of the history");
        }
    }

    /** Version 4, as real ones; not secret, so a fast generator suffices. */
    private static UUID id(SplittableRandom random) {
        return new UUID(
                (random.nextLong() & ~0xF000L) | 0x4000L, (random.nextLong() & ~(0b11L << 62)) | Long.MIN_VALUE);
    }

    private static ConsentWithdrawn withdrawn(Instant at) {
        return ConsentWithdrawn.newBuilder()
                .setSignupId(SignupIds.fixed(PLACEHOLDER))
                .setWithdrawnAt(at)
                .setMethod(WithdrawalMethod.WEBSITE_REQUEST)
                .setOutcome(WithdrawalOutcome.ERASED_BEFORE_HANDOFF)
                .build();
    }

    private static Delivered delivered(Instant at, String broker) {
        return Delivered.newBuilder()
                .setSignupId(SignupIds.fixed(PLACEHOLDER))
                .setBroker(broker)
                .setAttempt(1)
                .setStartedAt(at)
                .setAcceptedAt(at)
                .setDuplicate(false)
                .setStatus(200)
                .build();
    }

    private static Purged purged(Instant at) {
        return Purged.newBuilder()
                .setSignupId(SignupIds.fixed(PLACEHOLDER))
                .setReason(PurgeReason.DELIVERED)
                .setLevel(PurgeLevel.UNREADABLE)
                .setKeyErasedAt(at)
                .setReadBack(ReadBack.DIRECT)
                .setSlot(1 << 20)
                .setGeneration(1)
                .setPurgedAt(at)
                .build();
    }

    private static Header header(String name, String value) {
        return new RecordHeader(name, value.getBytes(StandardCharsets.UTF_8));
    }
}
