package org.brokerhandoff.router.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.brokerhandoff.embeddedkafka.TestKafka;
import org.brokerhandoff.eventlog.EventLogSettings;
import org.brokerhandoff.eventlog.KafkaClients;
import org.brokerhandoff.eventlog.TopicProvisioner;
import org.brokerhandoff.schemas.Topic;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A follower on a real Kafka: prompt at its start, in batches afterwards, closed at once. */
@Timeout(120)
class TopicFollowerIT {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final Duration NEVER = Duration.ofMinutes(5);

    private final EventLogSettings settings = new EventLogSettings(
            TestKafka.shared().bootstrapServers(),
            Map.of(),
            TestKafka.shared().randomTopicPrefix(),
            2,
            1,
            Duration.ofHours(1));
    private final KafkaClients clients = new KafkaClients(settings);
    private final String topic = Topic.PURGES.name(settings.topicPrefix());
    private final Taking taking = new Taking();
    private KafkaProducer<byte[], byte[]> producer;

    /** Remembers which offsets came, and in how many pieces. */
    private static final class Taking implements TopicFollower.Reader {
        final List<Long> offsets = Collections.synchronizedList(new ArrayList<>());
        final AtomicInteger pieces = new AtomicInteger();
        final AtomicInteger failures = new AtomicInteger();
        final CountDownLatch caughtUp = new CountDownLatch(1);
        volatile long failsAt = -1;

        @Override
        public Map<TopicPartition, Long> starts(
                KafkaConsumer<byte[], byte[]> consumer, Map<TopicPartition, Long> ends) {
            return consumer.beginningOffsets(ends.keySet());
        }

        @Override
        public void take(ConsumerRecords<byte[], byte[]> records) {
            if (!records.isEmpty()) {
                pieces.incrementAndGet();
            }
            records.forEach(record -> {
                if (record.offset() == failsAt) {
                    failsAt = -1;
                    throw new IllegalStateException("fails once");
                }
                offsets.add(record.offset());
            });
        }

        @Override
        public void caughtUp() {
            caughtUp.countDown();
        }

        @Override
        public void failed(RuntimeException failure) {
            failures.incrementAndGet();
        }
    }

    @BeforeEach
    void provision() {
        try (Admin admin = clients.admin("test-admin")) {
            new TopicProvisioner(admin, settings).provision();
        }
        producer = clients.producer("test-" + UUID.randomUUID());
    }

    @AfterEach
    void close() {
        producer.close();
    }

    private void append(int records) {
        for (int i = 0; i < records; i++) {
            // Each acknowledged before the next: to be fetched alone by a reader that does not wait.
            assertThat(producer.send(new ProducerRecord<>(topic, 1, new byte[] {1}, new byte[100])))
                    .succeedsWithin(LIMIT);
        }
    }

    private TopicFollower follower(Duration longestWait) {
        // A fetch that Kafka holds for long must not count as one that it does not answer.
        KafkaClients patient = clients.with(Map.of("request.timeout.ms", "600000", "default.api.timeout.ms", "600000"));
        return new TopicFollower(
                patient, new TopicFollower.Feed("test-follower", topic, List.of(), longestWait), taking);
    }

    private static List<Long> offsets(int count) {
        return LongStream.range(0, count).boxed().toList();
    }

    @Test
    void what_was_there_at_the_start_is_read_at_once_and_closing_does_not_wait_either() throws Exception {
        append(3);
        long begin = System.nanoTime();
        try (TopicFollower follower = follower(NEVER)) {
            follower.start();
            taking.caughtUp.await();
            assertThat(taking.offsets).isEqualTo(offsets(3));
        }
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(LIMIT);
        assertThat(taking.failures).hasValue(0);
    }

    @Test
    void what_comes_one_by_one_is_taken_in_a_few_pieces_in_order_and_once() throws Exception {
        append(2);
        try (TopicFollower follower = follower(Duration.ofSeconds(1))) {
            follower.start();
            taking.caughtUp.await();
            int before = taking.pieces.get();
            append(200);
            await().atMost(LIMIT).until(() -> taking.offsets.size() >= 202);
            assertThat(taking.offsets).isEqualTo(offsets(202));
            // How long appending takes depends on the machine; a prompt reader has a piece for nearly each of them.
            assertThat(taking.pieces.get() - before).isLessThan(60);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 4})
    void after_a_failure_in_the_past_or_live_it_begins_again_where_its_reader_says(long failsAt) {
        append(3);
        taking.failsAt = failsAt;
        try (TopicFollower follower = follower(Duration.ofMillis(200))) {
            follower.start();
            append(3);
            await().atMost(LIMIT).until(() -> taking.failures.get() == 1 && taking.offsets.contains(5L));
            assertThat(taking.offsets.subList(taking.offsets.size() - 6, taking.offsets.size()))
                    .isEqualTo(offsets(6));
        }
    }
}
