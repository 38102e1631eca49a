package org.brokerhandoff.eventlog;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.RangeAssignor;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Creates Kafka clients with the settings that the guarantees depend on. */
public final class KafkaClients {
    /** For a busy topic, roughly what arrives within the longest wait; less than the fetch limit of one partition. */
    private static final int PATIENT_FETCH_BYTES = 512 * 1024;

    private final EventLogSettings settings;
    private final AcknowledgedEnds acknowledged;

    /** Clients for the log that {@code settings} names. */
    public KafkaClients(EventLogSettings settings) {
        this(settings, new AcknowledgedEnds(settings.partitions()));
    }

    private KafkaClients(EventLogSettings settings, AcknowledgedEnds acknowledged) {
        this.settings = settings;
        this.acknowledged = acknowledged;
    }

    /** Clients for the same log with other properties; the two share the acknowledged ends. */
    public KafkaClients with(Map<String, String> clientProperties) {
        return new KafkaClients(
                new EventLogSettings(
                        settings.bootstrapServers(),
                        clientProperties,
                        settings.topicPrefix(),
                        settings.partitions(),
                        settings.replicationFactor(),
                        settings.maximumHold(),
                        settings.installation()),
                acknowledged);
    }

    /** The acknowledged ends of publications through these clients, or by other processes that share them. */
    public AcknowledgedEnds acknowledged() {
        return acknowledged;
    }

    /** The settings of the clients. */
    public EventLogSettings settings() {
        return settings;
    }

    /**
     * A producer whose acknowledgement means that all in-sync replicas have the record. The producer is idempotent, so its own
     * retries neither duplicate nor reorder.
     */
    public KafkaProducer<byte[], byte[]> producer(String clientId) {
        // Callers waiting for Kafka get a result within seconds.
        return producer(clientId, Duration.ofSeconds(5));
    }

    /**
     * As above.
     *
     * @param longestWait timeout of a send, for space in the buffer or for a topic's metadata; zero: it fails at once
     */
    KafkaProducer<byte[], byte[]> producer(String clientId, Duration longestWait) {
        Map<String, Object> properties = common(clientId);
        properties.put(ProducerConfig.ACKS_CONFIG, "all");
        properties.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        // A signup waits for two records in turn before its 202: measured in docs/performance.md.
        properties.put(ProducerConfig.LINGER_MS_CONFIG, 2);
        properties.put(ProducerConfig.BATCH_SIZE_CONFIG, 64 * 1024);
        properties.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, longestWait.toMillis());
        // A request that waits for Kafka gets its 503 within seconds; the website retries with the same key.
        properties.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 8_000);
        properties.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 10_000);
        properties.put(ProducerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, 1_000);
        // A producer evicts a topic's metadata after five idle minutes; the next send would wait for it, or fail if it
        // may not wait.
        properties.put(ProducerConfig.METADATA_MAX_IDLE_CONFIG, Long.MAX_VALUE / 4);
        properties.putAll(settings.clientProperties());
        return new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
    }

    /** A consumer in {@code group} with manual commits, which starts at the earliest record. */
    public KafkaConsumer<byte[], byte[]> groupConsumer(String clientId, String group, int maximumPollRecords) {
        Map<String, Object> properties = common(clientId);
        properties.put(ConsumerConfig.GROUP_ID_CONFIG, group);
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        // A truncation may pass the committed offset; what is gone was completed, so the earliest remaining record is
        // the right one.
        properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        properties.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, maximumPollRecords);
        properties.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 100);
        // With range assignment, topics of equal partition count are assigned alike: the member with partition p of one
        // has it of all.
        properties.put(ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG, List.of(RangeAssignor.class.getName()));
        // After a kill -9 no member has the partitions until the dead member's session timeout: 45 s by default.
        properties.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, 10_000);
        properties.put(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, 3_000);
        properties.putAll(settings.clientProperties());
        return new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    /** A consumer outside any group, for reading given ranges. */
    public KafkaConsumer<byte[], byte[]> rangeConsumer(String clientId) {
        return rangeConsumer(clientId, "earliest", Map.of());
    }

    /**
     * A consumer outside any group that follows a topic for a purpose that can wait: Kafka answers a fetch when {@code longestWait} has
     * passed, or much has arrived. If each event is fetched alone, both sides pay for a request per event.
     */
    public KafkaConsumer<byte[], byte[]> patientConsumer(String clientId, Duration longestWait) {
        return rangeConsumer(
                clientId,
                "earliest",
                Map.of(
                        ConsumerConfig.FETCH_MIN_BYTES_CONFIG,
                        PATIENT_FETCH_BYTES,
                        ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG,
                        Math.toIntExact(longestWait.toMillis())));
    }

    private KafkaConsumer<byte[], byte[]> rangeConsumer(
            String clientId, String offsetReset, Map<String, Object> differing) {
        Map<String, Object> properties = common(clientId);
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, offsetReset);
        properties.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 5_000);
        // Only the provisioner creates topics: the broker would create them with its own defaults.
        properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        // Readers of a range wait for it, and often others wait for them: better to fail early, and retry.
        properties.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, 10_000);
        properties.put(ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG, 8_000);
        properties.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 100);
        properties.putAll(differing);
        properties.putAll(settings.clientProperties());
        return new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    /**
     * A consumer outside any group that fails at a missing offset, instead of continuing elsewhere: for readers that must notice that a log
     * was truncated.
     */
    public KafkaConsumer<byte[], byte[]> exactConsumer(String clientId) {
        return rangeConsumer(clientId, "none", Map.of());
    }

    /**
     * As {@link #exactConsumer}, for ranges that are known to exist: a fetch never waits for more. A client prefetches, and the next read of
     * any partition waits until that fetch returns, at a partition's end for its maximum wait.
     *
     * @param mostBytes limit per partition and fetch; at least one batch of records in any case
     */
    public KafkaConsumer<byte[], byte[]> knownRangeConsumer(String clientId, int mostBytes) {
        return rangeConsumer(
                clientId,
                "none",
                Map.of(
                        ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG,
                        mostBytes,
                        ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG,
                        0));
    }

    /** An admin client. */
    public Admin admin(String clientId) {
        Map<String, Object> properties = common(clientId);
        properties.put(CommonClientConfigs.REQUEST_TIMEOUT_MS_CONFIG, 5_000);
        properties.put(CommonClientConfigs.DEFAULT_API_TIMEOUT_MS_CONFIG, 10_000);
        properties.putAll(settings.clientProperties());
        return Admin.create(properties);
    }

    private Map<String, Object> common(String clientId) {
        Map<String, Object> properties = new HashMap<>();
        properties.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, settings.bootstrapServers());
        properties.put(CommonClientConfigs.CLIENT_ID_CONFIG, clientId);
        properties.put(CommonClientConfigs.ENABLE_METRICS_PUSH_CONFIG, false);
        return properties;
    }
}
