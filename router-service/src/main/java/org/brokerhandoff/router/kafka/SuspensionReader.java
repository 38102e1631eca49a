package org.brokerhandoff.router.kafka;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.brokerhandoff.event.BrokerResumed;
import org.brokerhandoff.event.BrokerSuspended;
import org.brokerhandoff.eventlog.KafkaClients;
import org.brokerhandoff.eventlog.LogMark;
import org.brokerhandoff.eventlog.UnknownSchema;
import org.brokerhandoff.schemas.CloudEventHeaders;
import org.brokerhandoff.schemas.Decoded;
import org.brokerhandoff.schemas.EventCodec;
import org.brokerhandoff.schemas.Topic;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the partition of {@code handoffs} in which routers say which brokers they have suspended. One thread. What a router found out
 * counts for all of them, and for its own next start. While it cannot read, or what a newer router said, each router knows what it
 * found out itself: a suspended broker may get an attempt.
 */
public final class SuspensionReader implements TopicFollower.Reader, AutoCloseable {
    /** Where routers say it. */
    public static final int PARTITION = 0;

    private static final Logger LOG = LoggerFactory.getLogger(SuspensionReader.class);
    /** A suspension lasts for minutes. */
    private static final Duration LONGEST_WAIT = Duration.ofMillis(500);
    /** Read back at a start at most, however long a suspension lasts: some seconds of a busy partition's events. */
    private static final long MOST_RECORDS_BACK = 500_000;

    private static final List<byte[]> TYPES = List.of(
            BrokerSuspended.getClassSchema().getFullName().getBytes(StandardCharsets.UTF_8),
            BrokerResumed.getClassSchema().getFullName().getBytes(StandardCharsets.UTF_8));

    private final EventCodec codec;
    private final Duration suspension;
    private final InstantSource clock;
    private final Consumer<SpecificRecord> heard;
    private final TopicFollower follower;
    private final CountDownLatch caughtUp = new CountDownLatch(1);
    private volatile Optional<String> notUnderstood = Optional.empty();

    /**
     * A reader; {@link #start} starts it.
     *
     * @param suspension how long a broker is suspended: older events no longer matter
     * @param heard takes {@code BrokerSuspended} and {@code BrokerResumed}, in the order of the log
     */
    public SuspensionReader(
            KafkaClients clients,
            EventCodec codec,
            Duration suspension,
            InstantSource clock,
            Consumer<SpecificRecord> heard) {
        this.codec = codec;
        this.suspension = suspension;
        this.clock = clock;
        this.heard = heard;
        this.follower = new TopicFollower(
                clients,
                new TopicFollower.Feed(
                        "suspensions",
                        Topic.HANDOFFS.name(clients.settings().topicPrefix()),
                        List.of(PARTITION),
                        LONGEST_WAIT),
                this);
    }

    /** Starts the thread. */
    public void start() {
        follower.start();
    }

    /** The latest event of a newer version that this reader passed over, without content; empty if there was none. */
    public Optional<String> notUnderstood() {
        return notUnderstood;
    }

    /** Waits until all that was in the log at the start is heard, but no longer than {@code limit}. */
    public void awaitCaughtUp(Duration limit) {
        try {
            if (!caughtUp.await(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.warn("suspensions of brokers have not been read yet; a suspended one may get an attempt");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void caughtUp() {
        caughtUp.countDown();
    }

    @Override
    public void failed(RuntimeException failure) {
        LOG.warn("suspensions of brokers cannot be read: {}", failure.getClass().getSimpleName());
    }

    @Override
    public void take(ConsumerRecords<byte[], byte[]> records) {
        for (ConsumerRecord<byte[], byte[]> record : records) {
            // By the header: what is decoded must not follow the number of handoffs.
            Header type = record.headers().lastHeader(CloudEventHeaders.TYPE);
            if (type != null
                    && TYPES.stream().anyMatch(known -> Arrays.equals(known, type.value()))
                    && record.value() != null) {
                hear(record, codec.decode(record.value()));
            }
        }
    }

    private void hear(ConsumerRecord<byte[], byte[]> record, Decoded decoded) {
        if (decoded instanceof Decoded.Event event) {
            heard.accept(event.event());
        } else if (decoded instanceof Decoded.UnknownSchema unknown) {
            String what = String.valueOf(UnknownSchema.at(record, unknown).getMessage());
            if (notUnderstood.isEmpty()) {
                LOG.warn("a suspension of a broker cannot be decoded: {}", what);
            }
            notUnderstood = Optional.of(what);
        }
    }

    /** A suspension that still stands, or whose time is just over, was announced since. */
    @Override
    public Map<TopicPartition, Long> starts(KafkaConsumer<byte[], byte[]> consumer, Map<TopicPartition, Long> ends) {
        Instant from = clock.instant().minus(suspension.multipliedBy(2));
        Map<TopicPartition, Long> starts = new HashMap<>(LogMark.firstSince(consumer, ends, from));
        ends.forEach((partition, end) -> starts.merge(partition, Math.max(0, end - MOST_RECORDS_BACK), Math::max));
        return starts;
    }

    @Override
    public void close() {
        follower.close();
    }
}
