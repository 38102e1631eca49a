package org.brokerhandoff.quickstart.observe;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.brokerhandoff.eventlog.KafkaClients;
import org.brokerhandoff.schemas.Decoded;
import org.brokerhandoff.schemas.EventCodec;
import org.brokerhandoff.schemas.EventId;
import org.brokerhandoff.schemas.Topic;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tails the kept topics from their beginning and keeps the {@link Life} of every signup. */
public final class LifeObserver implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LifeObserver.class);
    private static final Duration POLL = Duration.ofMillis(100);

    private final KafkaClients clients;
    private final EventCodec codec;
    private final Map<UUID, Life> lives = new ConcurrentHashMap<>();
    private final Thread thread;
    private volatile boolean closing;

    private LifeObserver(KafkaClients clients, EventCodec codec) {
        this.clients = clients;
        this.codec = codec;
        this.thread = new Thread(this::run, "observe");
        this.thread.setDaemon(true);
    }

    /** Starts observing the log of {@code clients}, whose topics exist. */
    public static LifeObserver start(KafkaClients clients, EventCodec codec) {
        LifeObserver observer = new LifeObserver(clients, codec);
        observer.thread.start();
        return observer;
    }

    /** Every signup seen so far; live view. */
    public Collection<Life> lives() {
        return lives.values();
    }

    /** What was seen of one signup. */
    public Optional<Life> life(UUID signupId) {
        return Optional.ofNullable(lives.get(signupId));
    }

    private void run() {
        while (!closing) {
            try (KafkaConsumer<byte[], byte[]> consumer = clients.rangeConsumer("handoff-observer")) {
                tail(consumer);
            } catch (RuntimeException e) {
                LOG.warn("observing restarts after {}", e.getClass().getSimpleName());
            }
        }
    }

    private void tail(KafkaConsumer<byte[], byte[]> consumer) {
        Map<TopicPartition, Topic> partitions = new HashMap<>();
        for (Topic topic : List.of(Topic.CONSENTS, Topic.HANDOFFS, Topic.PURGES)) {
            consumer.partitionsFor(topic.name(clients.settings().topicPrefix()))
                    .forEach(info -> partitions.put(new TopicPartition(info.topic(), info.partition()), topic));
        }
        consumer.assign(partitions.keySet());
        consumer.seekToBeginning(partitions.keySet());
        while (!closing) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                if (record.value() != null && codec.decode(record.value()) instanceof Decoded.Event event) {
                    EventId.signup(event.event())
                            .ifPresent(signup -> lives.compute(
                                    signup, (id, life) -> (life == null ? Life.of(id) : life).with(event.event())));
                }
            }
        }
    }

    @Override
    public void close() {
        closing = true;
        try {
            thread.join(TimeUnit.SECONDS.toMillis(10));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
