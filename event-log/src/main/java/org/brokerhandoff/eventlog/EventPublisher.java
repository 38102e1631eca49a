package org.brokerhandoff.eventlog;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.brokerhandoff.ledger.entry.Leaf;
import org.brokerhandoff.operations.tracing.TraceLink;
import org.brokerhandoff.schemas.EventCodec;
import org.brokerhandoff.schemas.EventId;
import org.brokerhandoff.schemas.SignupIds;
import org.brokerhandoff.schemas.Topic;

/**
 * Publishes events and reports their acknowledgement. Thread-safe.
 *
 * <p>The returned stages complete on the producer's I/O thread: dependent stages must be short and must not block.
 */
public final class EventPublisher implements AutoCloseable {
    private static final Duration WARM_UP_LIMIT = Duration.ofSeconds(5);
    private static final Duration WARM_UP_PAUSE = Duration.ofMillis(10);

    private final Producer<byte[], byte[]> producer;
    private final EventCodec codec;
    private final Map<Topic, String> names = new EnumMap<>(Topic.class);
    private final Map<Class<?>, List<Header>> types = new ConcurrentHashMap<>();
    private final EventLogSettings settings;
    private final Header source;
    private final InstantSource clock;
    private final AcknowledgedEnds ends;
    private volatile AppendWitness witness = AppendWitness.NONE;

    /**
     * A publisher for a program that may block: publishing blocks for some seconds if a topic's metadata is missing or the buffer is full.
     *
     * @param service the service's name, such as {@code /ingest}; behind the installation's it is CloudEvents attribute {@code source}
     */
    public EventPublisher(KafkaClients clients, EventCodec codec, String service, InstantSource clock) {
        this(
                clients,
                codec,
                EventEnvelope.source(clients.settings().installation(), service),
                clock,
                clients.producer(clientId(service)));
    }

    /**
     * A publisher for event loops: publishing never blocks. If the buffer is full, or a topic's metadata is missing, the returned stage has
     * already failed; so call {@link #warmUp} first, once the topics exist.
     */
    public static EventPublisher neverBlocking(
            KafkaClients clients, EventCodec codec, String service, InstantSource clock) {
        return new EventPublisher(
                clients,
                codec,
                EventEnvelope.source(clients.settings().installation(), service),
                clock,
                clients.producer(clientId(service), Duration.ZERO));
    }

    private EventPublisher(
            KafkaClients clients,
            EventCodec codec,
            Header source,
            InstantSource clock,
            Producer<byte[], byte[]> producer) {
        this.settings = clients.settings();
        this.producer = producer;
        for (Topic topic : Topic.values()) {
            names.put(topic, topic.name(settings.topicPrefix()));
        }
        this.codec = codec;
        this.source = source;
        this.clock = clock;
        this.ends = clients.acknowledged();
    }

    /** Reports to {@code next}, from now on, when brokers append. */
    public void witnessedBy(AppendWitness next) {
        witness = next;
    }

    /**
     * Publishes an event about {@code signupId} to its partition of {@code topic}.
     *
     * @throws IllegalArgumentException if the topic is a kept one and may not contain the event, or not under this key, or if a text of the
     *     event violates its schema's kind; likewise for every method that publishes an event
     */
    public CompletionStage<RecordPosition> publish(Topic topic, UUID signupId, SpecificRecord event) {
        byte[] key = SignupIds.bytes(signupId);
        return send(topic, EventPartitions.of(key, settings.partitions()), key, codec.encode(event), event);
    }

    /**
     * Publishes as {@link #publish(Topic, UUID, SpecificRecord)} does, with the publisher's span in a header, to which the reader's trace
     * refers. The header is deleted with the record: kept topics accept none.
     *
     * @throws IllegalArgumentException if there is a link, and the topic is a kept one
     */
    public CompletionStage<RecordPosition> publish(
            Topic topic, UUID signupId, SpecificRecord event, Optional<TraceLink> link) {
        if (topic.kept() && link.isPresent()) {
            throw new IllegalArgumentException("no trace is kept in " + topic);
        }
        byte[] key = SignupIds.bytes(signupId);
        ProducerRecord<byte[], byte[]> record =
                record(topic, EventPartitions.of(key, settings.partitions()), key, codec.encode(event), event);
        link.ifPresent(traced -> record.headers().add(TraceHeader.of(traced)));
        return send(record, topic);
    }

    /**
     * Publishes an event about {@code signupId} as {@link #publish} does, and returns the leaf by which the ledger will commit to it. If the
     * broker does not report the offset, which happens when it recognises a producer's retry late, the event is published again; empty,
     * if it is not reported again.
     */
    public CompletionStage<Optional<Leaf.Present>> publishLeaf(Topic topic, UUID signupId, SpecificRecord event) {
        return publishOnce(topic, signupId, event)
                .thenCompose(leaf -> leaf.isPresent()
                        ? CompletableFuture.completedStage(leaf)
                        : publishOnce(topic, signupId, event));
    }

    private CompletionStage<Optional<Leaf.Present>> publishOnce(Topic topic, UUID signupId, SpecificRecord event) {
        byte[] key = SignupIds.bytes(signupId);
        ProducerRecord<byte[], byte[]> record =
                record(topic, EventPartitions.of(key, settings.partitions()), key, codec.encode(event), event);
        return send(record, topic).thenApply(position -> leaf(topic, record, position));
    }

    private static Optional<Leaf.Present> leaf(
            Topic topic, ProducerRecord<byte[], byte[]> record, RecordPosition position) {
        return position.offset() < 0
                ? Optional.empty()
                : Optional.of(new Leaf.Present(
                        new Leaf.Place(topic.baseName(), position.partition(), position.offset()),
                        position.appendedAt(),
                        Optional.of(record.key()),
                        LeafReader.headers(record.headers()),
                        Optional.of(record.value())));
    }

    /** Publishes an event, in order, to the partition of {@code topic} for {@code broker}'s events. */
    public CompletionStage<RecordPosition> publishOf(Topic topic, String broker, SpecificRecord event) {
        byte[] key = broker.getBytes(StandardCharsets.UTF_8);
        return send(topic, EventPartitions.of(key, settings.partitions()), key, codec.encode(event), event);
    }

    /** Publishes an event without a signup to a partition of {@code topic}. */
    public CompletionStage<RecordPosition> publishTo(Topic topic, int partition, SpecificRecord event) {
        byte[] key = EventId.of(event).getBytes(StandardCharsets.UTF_8);
        return send(topic, partition, key, codec.encode(event), event);
    }

    /** Publishes an entry or a checkpoint of the ledger {@code origin}, in order. */
    public CompletionStage<RecordPosition> publishToLedger(String origin, SpecificRecord event) {
        return send(Topic.CHECKPOINTS, 0, origin.getBytes(StandardCharsets.UTF_8), codec.encode(event), event);
    }

    /**
     * Copies a record that could not be read to {@link Topic#SIGNUPS_SET_ASIDE}, byte for byte and still sealed, with the reason as
     * a header.
     */
    public CompletionStage<RecordPosition> setAside(int partition, byte[] key, byte[] value, String reason) {
        return send(
                new ProducerRecord<>(
                        Topic.SIGNUPS_SET_ASIDE.name(settings.topicPrefix()),
                        partition,
                        key,
                        value,
                        List.of(new RecordHeader("handoff_reason", reason.getBytes(StandardCharsets.UTF_8)))),
                Topic.SIGNUPS_SET_ASIDE);
    }

    /**
     * Fetches the metadata of every topic, so that no event waits or fails for lack of it; it is kept from then on. Blocks.
     *
     * @throws EventLogUnavailable if Kafka does not respond within seconds
     */
    public void warmUp() {
        long deadline = System.nanoTime() + WARM_UP_LIMIT.toNanos();
        for (Topic topic : Topic.values()) {
            while (!knowsPartitions(topic)) {
                if (System.nanoTime() - deadline > 0) {
                    throw new EventLogUnavailable("no metadata of " + topic, new TimeoutException());
                }
                LockSupport.parkNanos(WARM_UP_PAUSE.toNanos());
            }
        }
    }

    private boolean knowsPartitions(Topic topic) {
        try {
            return !producer.partitionsFor(topic.name(settings.topicPrefix())).isEmpty();
        } catch (TimeoutException e) {
            return false;
        }
    }

    private CompletionStage<RecordPosition> send(
            Topic topic, int partition, byte[] key, byte[] value, SpecificRecord event) {
        return send(record(topic, partition, key, value, event), topic);
    }

    private ProducerRecord<byte[], byte[]> record(
            Topic topic, int partition, byte[] key, byte[] value, SpecificRecord event) {
        // A kept topic must contain nothing but what the schemas define, and a key is kept as a value is.
        if (topic.kept()
                && !(topic.recordTypes().contains(event.getClass()) && Arrays.equals(key, EventEnvelope.key(event)))) {
            throw new IllegalArgumentException(
                    event.getSchema().getName() + " may not stand in " + topic + ", or not under this key");
        }
        List<Header> ofType = types.computeIfAbsent(event.getClass(), unused -> EventEnvelope.ofType(event));
        List<Header> headers = EventEnvelope.headers(event, source, ofType, clock.instant());
        return new ProducerRecord<>(names.get(topic), partition, key, value, headers);
    }

    private CompletionStage<RecordPosition> send(ProducerRecord<byte[], byte[]> record, Topic topic) {
        CompletableFuture<RecordPosition> acknowledged = new CompletableFuture<>();
        AppendWitness.Sending sending = witness.sending();
        try {
            var unused = producer.send(record, (metadata, failure) -> {
                if (failure == null) {
                    if (metadata.hasOffset()) {
                        ends.acknowledged(topic, metadata.partition(), metadata.offset());
                    }
                    sending.appended(Instant.ofEpochMilli(metadata.timestamp()));
                    acknowledged.complete(new RecordPosition(
                            metadata.partition(), metadata.offset(), Instant.ofEpochMilli(metadata.timestamp())));
                } else {
                    acknowledged.completeExceptionally(
                            new PublicationFailed(topic, failure.getClass().getSimpleName()));
                }
            });
        } catch (RuntimeException e) {
            // Kafka's own exceptions may quote the record; only the kind of failure is passed on.
            acknowledged.completeExceptionally(
                    new PublicationFailed(topic, e.getClass().getSimpleName()));
        }
        return acknowledged;
    }

    @Override
    public void close() {
        producer.close(Duration.ofSeconds(10));
    }

    private static String clientId(String service) {
        return "handoff" + service.replace('/', '-');
    }
}
