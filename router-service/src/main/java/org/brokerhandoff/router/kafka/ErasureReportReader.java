package org.brokerhandoff.router.kafka;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.brokerhandoff.event.LogErased;
import org.brokerhandoff.eventlog.KafkaClients;
import org.brokerhandoff.eventlog.LogMark;
import org.brokerhandoff.eventlog.UnknownSchema;
import org.brokerhandoff.router.purge.ErasureReports;
import org.brokerhandoff.schemas.CloudEventHeaders;
import org.brokerhandoff.schemas.Decoded;
import org.brokerhandoff.schemas.EventCodec;
import org.brokerhandoff.schemas.Topic;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows topic {@code purges} for what the agents beside the brokers report. One thread. While it cannot read, the agents look
 * silent, and claims stop short of {@code ERASED}.
 */
public final class ErasureReportReader implements Supplier<ErasureReports>, TopicFollower.Reader, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ErasureReportReader.class);
    /** An agent looks twice a second, and a file goes seconds after its record was cut. */
    private static final Duration LONGEST_WAIT = Duration.ofMillis(500);

    private static final byte[] TYPE = LogErased.getClassSchema().getFullName().getBytes(StandardCharsets.UTF_8);

    private final EventCodec codec;
    private final InstantSource clock;
    private final TopicFollower follower;
    private volatile ErasureReports reports = ErasureReports.NONE;
    private volatile Optional<Blindness> blindness = Optional.empty();

    /** How long the reports do not count, and because of which record. */
    private record Blindness(Instant until, String why) {}

    /** A reader; {@link #start} starts it. */
    public ErasureReportReader(KafkaClients clients, EventCodec codec, InstantSource clock) {
        this.codec = codec;
        this.clock = clock;
        this.follower = new TopicFollower(
                clients,
                new TopicFollower.Feed(
                        "erasure-reports",
                        Topic.PURGES.name(clients.settings().topicPrefix()),
                        List.of(),
                        LONGEST_WAIT),
                this);
    }

    /** Starts the thread. */
    public void start() {
        follower.start();
    }

    @Override
    public ErasureReports get() {
        return stopped().isPresent() ? ErasureReports.NONE : reports;
    }

    /** The brokers whose agents have stopped reporting; none while reports cannot be read, which {@link #stopped} says. */
    public SortedSet<Integer> silent() {
        return get().silent(clock.instant());
    }

    /** The latest report of a newer version, for which no report counts now, without content; empty if they count. */
    public Optional<String> stopped() {
        return blindness
                .filter(blind -> clock.instant().isBefore(blind.until()))
                .map(Blindness::why);
    }

    /** A newer agent may have said that a file is back: nothing that was said before counts while it continues saying things. */
    private void blind(UnknownSchema unknown) {
        if (stopped().isEmpty()) {
            LOG.warn("purges are not claimed ERASED: {}", unknown.getMessage());
        }
        blindness = Optional.of(
                new Blindness(clock.instant().plus(ErasureReports.SILENCE), String.valueOf(unknown.getMessage())));
    }

    /** An agent that lives has reported something since; older reports would not count. */
    @Override
    public Map<TopicPartition, Long> starts(KafkaConsumer<byte[], byte[]> consumer, Map<TopicPartition, Long> ends) {
        return LogMark.firstSince(consumer, ends, clock.instant().minus(ErasureReports.SILENCE.multipliedBy(2)));
    }

    @Override
    public void take(ConsumerRecords<byte[], byte[]> records) {
        List<LogErased> received = new ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> record : records) {
            // By the header: what is decoded must not follow the number of purges.
            Header type = record.headers().lastHeader(CloudEventHeaders.TYPE);
            if (type != null && Arrays.equals(type.value(), TYPE) && record.value() != null) {
                Decoded decoded = codec.decode(record.value());
                if (decoded instanceof Decoded.UnknownSchema unknown) {
                    blind(UnknownSchema.at(record, unknown));
                } else if (decoded instanceof Decoded.Event event
                        && event.event() instanceof LogErased report
                        && report.getPartition() == record.partition()) {
                    received.add(report);
                }
            }
        }
        if (!received.isEmpty()) {
            reports = reports.with(received);
        }
    }

    @Override
    public void caughtUp() {
        // No start waits for it: until then the agents look silent.
    }

    @Override
    public void failed(RuntimeException failure) {
        LOG.warn(
                "reports on the brokers' files cannot be read: {}",
                failure.getClass().getSimpleName());
    }

    @Override
    public void close() {
        follower.close();
    }
}
