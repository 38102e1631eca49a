package org.brokerhandoff.router.kafka;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.brokerhandoff.eventlog.KafkaClients;
import org.jspecify.annotations.Nullable;

/**
 * A thread that follows partitions of one topic until it is closed. What is in the log at the start is read promptly, since a start
 * may wait for it; what comes later in batches, as far as its purpose allows: an event that is fetched alone costs a request here
 * and at the broker. After a failure, whatever it was, it begins again a second later with its own client: a client that failed
 * may have lost its place.
 */
final class TopicFollower implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration PAUSE_AFTER_FAILURE = Duration.ofSeconds(1);
    private static final Duration END_LIMIT = Duration.ofSeconds(10);

    private final KafkaClients clients;
    private final Feed feed;
    private final Reader reader;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread thread;
    /** For {@link #close}, which may come while it polls. */
    private volatile @Nullable KafkaConsumer<byte[], byte[]> current;

    /**
     * What is followed.
     *
     * @param purpose name of the thread and, behind {@code handoff-router-}, of the Kafka client
     * @param topic full name of the topic
     * @param partitions which ones; all of them if empty
     * @param longestWait how long Kafka may gather records before it answers; zero for a reader that others wait for
     */
    record Feed(String purpose, String topic, List<Integer> partitions, Duration longestWait) {
        /** Copies the list. */
        Feed {
            partitions = List.copyOf(partitions);
        }
    }

    /** What becomes of the records. Called by the follower's thread only. */
    interface Reader {
        /**
         * Where to begin, at the start and after a failure.
         *
         * @param consumer assigned the partitions
         * @param ends where they end now
         */
        Map<TopicPartition, Long> starts(KafkaConsumer<byte[], byte[]> consumer, Map<TopicPartition, Long> ends);

        /** Takes what a poll brought, which may be nothing. */
        void take(ConsumerRecords<byte[], byte[]> records);

        /** What was in the log when reading began, or began again, has been taken. */
        void caughtUp();

        /** Following ended, and is tried again; the exception may show contents of records. */
        void failed(RuntimeException failure);
    }

    /** A follower; {@link #start} starts it. */
    TopicFollower(KafkaClients clients, Feed feed, Reader reader) {
        this.clients = clients;
        this.feed = feed;
        this.reader = reader;
        this.thread = new Thread(this::run, feed.purpose());
        thread.setDaemon(true);
    }

    /** Starts the thread; once only. */
    void start() {
        thread.start();
    }

    /** Whether it was not closed yet. */
    boolean isOpen() {
        return closed.getCount() > 0;
    }

    private void run() {
        while (isOpen()) {
            try {
                follow();
            } catch (RuntimeException e) {
                if (isOpen()) {
                    reader.failed(e);
                    pause();
                }
            }
        }
    }

    private void follow() {
        Map<TopicPartition, Long> next = new HashMap<>();
        KafkaConsumer<byte[], byte[]> prompt = clients.rangeConsumer(clientId());
        try {
            current = prompt;
            Collection<TopicPartition> partitions = partitions(prompt);
            prompt.assign(partitions);
            Map<TopicPartition, Long> ends = prompt.endOffsets(partitions);
            reader.starts(prompt, ends).forEach(prompt::seek);
            while (isOpen() && !reached(prompt, ends)) {
                reader.take(prompt.poll(POLL));
            }
            if (isOpen()) {
                reader.caughtUp();
            }
            while (isOpen() && feed.longestWait().isZero()) {
                reader.take(prompt.poll(POLL));
            }
            partitions.forEach(partition -> next.put(partition, prompt.position(partition)));
        } finally {
            end(prompt);
        }
        if (isOpen()) {
            followPatiently(next);
        }
    }

    private void followPatiently(Map<TopicPartition, Long> next) {
        KafkaConsumer<byte[], byte[]> patient = clients.patientConsumer(clientId(), feed.longestWait());
        try {
            current = patient;
            patient.assign(next.keySet());
            next.forEach(patient::seek);
            while (isOpen()) {
                reader.take(patient.poll(POLL));
            }
        } finally {
            end(patient);
        }
    }

    private String clientId() {
        return "handoff-router-" + feed.purpose();
    }

    private Collection<TopicPartition> partitions(KafkaConsumer<byte[], byte[]> consumer) {
        return feed.partitions().isEmpty()
                ? consumer.partitionsFor(feed.topic()).stream()
                        .map(info -> new TopicPartition(info.topic(), info.partition()))
                        .collect(Collectors.toUnmodifiableSet())
                : feed.partitions().stream()
                        .map(partition -> new TopicPartition(feed.topic(), partition))
                        .collect(Collectors.toUnmodifiableSet());
    }

    private static boolean reached(KafkaConsumer<byte[], byte[]> consumer, Map<TopicPartition, Long> ends) {
        return ends.entrySet().stream().allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
    }

    /** At once: outside a group there is nothing to be said to Kafka, and a fetch in progress need not be waited for. */
    private static void end(KafkaConsumer<byte[], byte[]> consumer) {
        consumer.close(CloseOptions.timeout(Duration.ZERO));
    }

    private void pause() {
        try {
            var unused = closed.await(PAUSE_AFTER_FAILURE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            closed.countDown();
        }
    }

    /** Has it end, and waits for that. */
    @Override
    public void close() {
        closed.countDown();
        KafkaConsumer<byte[], byte[]> polling = current;
        if (polling != null) {
            polling.wakeup();
        }
        try {
            thread.join(END_LIMIT.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
