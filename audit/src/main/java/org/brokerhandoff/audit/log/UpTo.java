package org.brokerhandoff.audit.log;

import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.brokerhandoff.eventlog.EventLogUnavailable;

/** Reads partitions up to their ends at one moment. */
public final class UpTo {
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final long STALLED_NANOS = Duration.ofSeconds(30).toNanos();

    private UpTo() {}

    /**
     * Passes on what {@code consumer} reads, from its position, before {@code ends} of its assigned partitions.
     *
     * @param what name for the error message if nothing arrives for 30 s
     * @throws EventLogUnavailable then
     */
    public static void read(
            KafkaConsumer<byte[], byte[]> consumer,
            Map<TopicPartition, Long> ends,
            String what,
            Consumer<ConsumerRecord<byte[], byte[]>> records) {
        long lastProgressNanos = System.nanoTime();
        while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey(), LIMIT) < end.getValue())) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                lastProgressNanos = System.nanoTime();
                TopicPartition place = new TopicPartition(record.topic(), record.partition());
                if (record.offset() < Objects.requireNonNull(ends.get(place))) {
                    records.accept(record);
                }
            }
            if (System.nanoTime() - lastProgressNanos > STALLED_NANOS) {
                throw new EventLogUnavailable(what + " cannot be read", new TimeoutException());
            }
        }
    }
}
