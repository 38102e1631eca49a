package org.brokerhandoff.router.kafka;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.brokerhandoff.event.PlaceReleased;
import org.brokerhandoff.event.PlaceRequested;
import org.brokerhandoff.eventlog.EventPublisher;
import org.brokerhandoff.eventlog.KafkaClients;
import org.brokerhandoff.eventlog.LogMark;
import org.brokerhandoff.eventlog.RecordPosition;
import org.brokerhandoff.eventlog.UnknownSchema;
import org.brokerhandoff.router.handoff.PlaceBook;
import org.brokerhandoff.routing.Places;
import org.brokerhandoff.routing.Places.Place;
import org.brokerhandoff.schemas.Decoded;
import org.brokerhandoff.schemas.EventCodec;
import org.brokerhandoff.schemas.EventId;
import org.brokerhandoff.schemas.Topic;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows topic {@code places} from the beginning of the oldest window that can still be open, and asks for places by appending to
 * it. One thread, which starts when a broker with caps is first looked at. What it knows is a function of what it has read, so every
 * router that has read as far says the same; while it cannot read, no place is given.
 */
public final class KafkaPlaceBook implements PlaceBook, TopicFollower.Reader, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(KafkaPlaceBook.class);
    private static final Duration PAUSE_AFTER_FAILURE = Duration.ofSeconds(1);
    private static final Duration READ_LIMIT = Duration.ofSeconds(10);
    /** The longest day has 25 hours; the rest is for clocks that differ. */
    private static final Duration LONGEST_WINDOW = Duration.ofHours(26);

    private static final Duration FORGET_PERIOD = Duration.ofMinutes(10);

    private final KafkaClients clients;
    private final EventPublisher publisher;
    private final EventCodec codec;
    private final InstantSource clock;
    private final TopicFollower follower;

    /** All below guarded by this object's monitor, but for the two flags. */
    private final Places places = new Places();

    private final Map<TopicPartition, Long> next = new HashMap<>();
    private final List<Reading> readings = new ArrayList<>();
    /** Releases that are in progress, by event id, so that one is not published at each look at its signup. */
    private final Set<String> releasing = new HashSet<>();

    private final AtomicReference<@Nullable String> stopped = new AtomicReference<>();
    private volatile boolean started;
    /** The follower's thread only. */
    private long nextForgettingNanos = System.nanoTime();

    private volatile boolean ready;

    /** A caller that waits until a record has been read. */
    private record Reading(TopicPartition partition, long offset, CompletableFuture<Boolean> read) {}

    /** A book; its thread starts when it is asked whether it is {@link #ready}. */
    public KafkaPlaceBook(KafkaClients clients, EventPublisher publisher, EventCodec codec, InstantSource clock) {
        this.clients = clients;
        this.publisher = publisher;
        this.codec = codec;
        this.clock = clock;
        // Signups wait for each answer. It is not one fetch a request all the same: a producer's linger gathers them.
        this.follower = new TopicFollower(
                clients,
                new TopicFollower.Feed(
                        "places", Topic.PLACES.name(clients.settings().topicPrefix()), List.of(), Duration.ZERO),
                this);
    }

    @Override
    public boolean ready() {
        if (!started) {
            synchronized (this) {
                if (!started && follower.isOpen()) {
                    started = true;
                    follower.start();
                }
            }
        }
        return ready;
    }

    /** The record of a newer version that the book is stopped at, without content; empty if it is not. */
    public Optional<String> stopped() {
        return Optional.ofNullable(stopped.get());
    }

    @Override
    public synchronized int takenInHour(String broker, Instant hour, UUID but) {
        return places.takenInHour(broker, hour, but);
    }

    @Override
    public synchronized int takenOnDay(String broker, Instant day, UUID but) {
        return places.takenOnDay(broker, day, but);
    }

    @Override
    public List<Place> held(UUID signup) {
        if (!started) {
            return List.of();
        }
        synchronized (this) {
            return places.held(signup);
        }
    }

    @Override
    public CompletionStage<?> request(PlaceRequested request) {
        return publisher
                .publishOf(Topic.PLACES, request.getBroker(), request)
                .thenCompose(this::whenRead)
                .toCompletableFuture()
                // The request stands: a request after this has the place already, or is told that it has none.
                .orTimeout(READ_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    }

    private CompletionStage<Boolean> whenRead(RecordPosition position) {
        TopicPartition partition =
                new TopicPartition(Topic.PLACES.name(clients.settings().topicPrefix()), position.partition());
        CompletableFuture<Boolean> read = new CompletableFuture<>();
        synchronized (this) {
            if (next.getOrDefault(partition, 0L) <= position.offset()) {
                readings.add(new Reading(partition, position.offset(), read));
                return read;
            }
        }
        read.complete(true);
        return read;
    }

    @Override
    public void release(PlaceReleased release) {
        synchronized (this) {
            if (!releasing.add(EventId.of(release))) {
                return;
            }
        }
        publish(release);
    }

    private void publish(PlaceReleased release) {
        var unused = publisher
                .publishOf(Topic.PLACES, release.getBroker(), release)
                .whenComplete((position, failure) -> {
                    if (failure != null && follower.isOpen()) {
                        CompletableFuture.delayedExecutor(PAUSE_AFTER_FAILURE.toMillis(), TimeUnit.MILLISECONDS)
                                .execute(() -> publish(release));
                    }
                });
    }

    @Override
    public void failed(RuntimeException failure) {
        if (failure instanceof UnknownSchema) {
            // A place that a newer router took or gave back is not known here, so none is given by this router.
            ready = false;
            String what = String.valueOf(failure.getMessage());
            if (!what.equals(stopped.getAndSet(what))) {
                LOG.warn("no place is granted: {}", what);
            }
        } else {
            LOG.warn("places cannot be read: {}", failure.getClass().getSimpleName());
        }
    }

    /** After a failure it continues where it was: to take a record twice would give a place twice that was given back since. */
    @Override
    public Map<TopicPartition, Long> starts(KafkaConsumer<byte[], byte[]> consumer, Map<TopicPartition, Long> ends) {
        // Kafka is asked outside the monitor, which event loops wait for.
        Map<TopicPartition, Long> positions =
                new HashMap<>(LogMark.firstSince(consumer, ends, clock.instant().minus(LONGEST_WINDOW)));
        synchronized (this) {
            positions.forEach(next::putIfAbsent);
            positions.replaceAll(next::getOrDefault);
        }
        return positions;
    }

    @Override
    public void take(ConsumerRecords<byte[], byte[]> records) {
        records.forEach(this::take);
        completeReadings();
        if (System.nanoTime() - nextForgettingNanos >= 0) {
            nextForgettingNanos = System.nanoTime() + FORGET_PERIOD.toNanos();
            synchronized (this) {
                places.forgetBefore(clock.instant().minus(LONGEST_WINDOW.multipliedBy(2)));
            }
        }
    }

    @Override
    public void caughtUp() {
        if (!ready) {
            ready = true;
            stopped.set(null);
            LOG.info("the places under caps are known");
        }
    }

    private synchronized void take(ConsumerRecord<byte[], byte[]> record) {
        Decoded decoded = record.value() == null ? new Decoded.Undecodable() : codec.decode(record.value());
        if (decoded instanceof Decoded.UnknownSchema unknown) {
            throw UnknownSchema.at(record, unknown);
        } else if (decoded instanceof Decoded.Event event) {
            if (event.event() instanceof PlaceRequested request) {
                var unused = places.apply(request);
            } else if (event.event() instanceof PlaceReleased release) {
                places.apply(release);
                releasing.remove(EventId.of(release));
            }
        }
        next.put(new TopicPartition(record.topic(), record.partition()), record.offset() + 1);
    }

    /** Outside the monitor: what is chained to a reading asks this book again. */
    private void completeReadings() {
        List<Reading> done = new ArrayList<>();
        synchronized (this) {
            readings.removeIf(reading -> {
                boolean read = next.getOrDefault(reading.partition(), 0L) > reading.offset();
                if (read) {
                    done.add(reading);
                }
                return read || reading.read().isDone();
            });
        }
        done.forEach(reading -> reading.read().completeAsync(() -> true));
    }

    @Override
    public void close() {
        follower.close();
    }
}
