package org.brokerhandoff.router.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.brokerhandoff.custody.CustodySettings;
import org.brokerhandoff.custody.FileKeyset;
import org.brokerhandoff.custody.PersonalData;
import org.brokerhandoff.custody.SlotFile;
import org.brokerhandoff.custody.owners.FileLeases;
import org.brokerhandoff.event.ConsentWithdrawn;
import org.brokerhandoff.event.Purged;
import org.brokerhandoff.event.RecordsFinished;
import org.brokerhandoff.eventlog.EventLogSettings;
import org.brokerhandoff.eventlog.UnknownSchema;
import org.brokerhandoff.router.Examples;
import org.brokerhandoff.router.deliver.Backoff;
import org.brokerhandoff.router.deliver.BrokerClient;
import org.brokerhandoff.router.deliver.BrokerReply;
import org.brokerhandoff.router.deliver.WebhookSignature;
import org.brokerhandoff.router.directory.Broker;
import org.brokerhandoff.router.directory.BrokerDirectory;
import org.brokerhandoff.router.domain.History;
import org.brokerhandoff.router.domain.PendingSignup;
import org.brokerhandoff.router.handoff.HandoffParts;
import org.brokerhandoff.router.purge.Brokers;
import org.brokerhandoff.router.purge.ErasureReports;
import org.brokerhandoff.router.purge.LogCutter;
import org.brokerhandoff.router.purge.PurgeLog;
import org.brokerhandoff.router.purge.PurgeWorker;
import org.brokerhandoff.router.trace.HandoffTraces;
import org.brokerhandoff.schemas.SignupIds;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** The consume loop on Kafka's own fake consumer, with a network and purges in memory. */
abstract class ConsumeLoop {
    static final TopicPartition PARTITION = new TopicPartition("signups", 2);
    static final TopicPartition PARKED = new TopicPartition("signups-parked", 2);
    static final Duration PARKING_INTERVAL = Duration.ofMillis(300);
    static final Duration LIMIT = Duration.ofSeconds(20);

    @TempDir
    Path directory;

    final Map<UUID, String> delivered = new ConcurrentHashMap<>();
    final List<Long> cuts = new CopyOnWriteArrayList<>();
    final List<Long> parkedCuts = new CopyOnWriteArrayList<>();
    static final BrokerReply ACCEPTED =
            new BrokerReply.Answered(200, Optional.of(BrokerReply.Verdict.ACCEPTED), Optional.empty());
    volatile Function<UUID, CompletionStage<BrokerReply>> answer =
            signupId -> CompletableFuture.completedFuture(ACCEPTED);
    volatile boolean failingCommits;
    final AtomicInteger failures = new AtomicInteger();
    volatile Optional<UnknownSchema> newerEvent = Optional.empty();
    final AtomicInteger failingEnds = new AtomicInteger();
    final Map<UUID, History> histories = new ConcurrentHashMap<>();
    final List<ConsumerRecord<byte[], byte[]>> published = new ArrayList<>();
    MockConsumer<byte[], byte[]> kafka;
    SlotFile custody;
    HandoffParts parts;
    EndingLeases leases;
    PurgeWorker purges;
    SignupConsumer consumer;

    final class Network implements BrokerClient {
        @Override
        public CompletionStage<BrokerReply> post(
                Broker broker, PersonalData body, WebhookSignature signature, Duration limit) {
            body.wipe();
            delivered.put(UUID.fromString(signature.id()), broker.id());
            return answer.apply(UUID.fromString(signature.id()));
        }
    }

    record Cutter(List<Long> cuts) implements LogCutter {
        @Override
        public Set<Integer> cut(Map<Integer, Long> offsets) {
            cuts.addAll(offsets.values());
            return offsets.keySet();
        }

        @Override
        public Map<Integer, Observation> observe(Collection<Integer> partitions) {
            Map<Integer, Observation> seen = new HashMap<>();
            partitions.forEach(partition -> seen.put(
                    partition,
                    new Observation(
                            cuts.stream().mapToLong(cut -> cut).max().orElse(0),
                            Brokers.replicas(1, 1),
                            Brokers.WITNESS)));
            return seen;
        }

        @Override
        public long endOffset(int partition) {
            return 100;
        }

        @Override
        public void appendMarker(int partition) {}

        @Override
        public Duration checkpointInterval() {
            return Duration.ofMillis(1);
        }
    }

    static final class Purges implements PurgeLog {
        @Override
        public CompletionStage<?> publish(UUID signupId, Purged purged) {
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public CompletionStage<?> publish(UUID signupId, ConsentWithdrawn withdrawn) {
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public CompletionStage<?> publish(RecordsFinished finished) {
            return CompletableFuture.completedFuture(null);
        }
    }

    @BeforeEach
    void open() {
        custody = SlotFile.open(
                new CustodySettings(directory.resolve("slots"), 64, 64),
                FileKeyset.openOrCreate(directory.resolve("keyset")));
        BrokerDirectory brokers = Examples.directory(Examples.broker("first", 1, 1), Examples.broker("second", 2, 1));
        leases = new EndingLeases(FileLeases.open(directory.resolve("slots"), 3));
        parts = new HandoffParts(
                custody,
                brokers,
                new Network(),
                InstantSource.system(),
                new Backoff(Duration.ofMillis(1), Duration.ofMillis(2)));
        purges = new PurgeWorker(
                new PurgeWorker.Parts(
                        custody,
                        new Cutter(cuts),
                        new Cutter(parkedCuts),
                        Brokers::nothingSetAside,
                        new Purges(),
                        () -> ErasureReports.NONE,
                        (event, at) -> {}),
                new PurgeWorker.Terms(
                        Duration.ofSeconds(1), () -> Examples.CEILING, Duration.ofMinutes(10), Duration.ZERO),
                signupId -> 2,
                InstantSource.system(),
                () -> Duration.ofNanos(System.nanoTime()));
        kafka = new MockConsumer<>("earliest") {
            @Override
            public synchronized Map<TopicPartition, Long> endOffsets(Collection<TopicPartition> partitions) {
                if (failingEnds.getAndDecrement() > 0) {
                    throw new TimeoutException("no leader");
                }
                return super.endOffsets(partitions);
            }

            @Override
            public synchronized void addRecord(ConsumerRecord<byte[], byte[]> record) {
                published.add(record);
                super.addRecord(record);
            }

            @Override
            public synchronized void commitSync(Map<TopicPartition, OffsetAndMetadata> offsets, Duration timeout) {
                if (failingCommits) {
                    throw new TimeoutException("no coordinator");
                }
                super.commitSync(offsets, timeout);
            }

            /** A real broker serves a record again on request; this fake has forgotten it. */
            @Override
            public synchronized void seek(TopicPartition partition, long offset) {
                super.seek(partition, offset);
                published.stream()
                        .filter(record -> record.topic().equals(partition.topic()))
                        .filter(record -> record.offset() >= offset)
                        .forEach(super::addRecord);
            }
        };
        consumer = new SignupConsumer(
                kafka,
                new EventLogSettings("nowhere:1", Map.of(), "", 3, 1, Duration.ofHours(1)),
                new SignupConsumer.Parts(
                        List.of(new SignupConsumer.HandoffLane(parts.lane, parts.handoff, parts.log)),
                        leases,
                        Examples.CODEC,
                        (topic, partition, offset, key, value, reason) -> CompletableFuture.completedFuture(null),
                        (partition, firstUnfinished) -> {
                            if (failures.getAndDecrement() > 0) {
                                throw new TimeoutException("Kafka is away");
                            }
                            newerEvent.ifPresent(newer -> {
                                throw newer;
                            });
                            return histories;
                        },
                        purges,
                        HandoffTraces.OFF),
                new SignupConsumer.Limits(64, PARKING_INTERVAL),
                InstantSource.system());
    }

    @AfterEach
    void close() {
        consumer.close();
        purges.close();
        parts.close();
        leases.close();
        custody.close();
    }

    PendingSignup signup() {
        Instant expiry = Instant.now().plusSeconds(600);
        return HandoffParts.sealed(custody, UUID.randomUUID(), expiry, expiry.plusSeconds(60), "first", "second");
    }

    List<PendingSignup> start(int count, long end) {
        List<PendingSignup> signups = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            signups.add(signup());
        }
        kafka.schedulePollTask(() -> {
            kafka.updateBeginningOffsets(Map.of(PARTITION, 0L));
            kafka.updateEndOffsets(Map.of(PARTITION, end));
            kafka.rebalance(List.of(PARTITION));
        });
        kafka.schedulePollTask(() -> {
            for (int i = 0; i < count; i++) {
                kafka.addRecord(record(i, signups.get(i)));
            }
        });
        consumer.start();
        purges.start();
        return signups;
    }

    static ConsumerRecord<byte[], byte[]> record(long offset, PendingSignup signup) {
        return new ConsumerRecord<>(
                PARTITION.topic(),
                PARTITION.partition(),
                offset,
                Instant.now().toEpochMilli(),
                TimestampType.LOG_APPEND_TIME,
                16,
                1,
                SignupIds.bytes(signup.signupId()),
                Examples.CODEC.encode(SealedSignups.event(signup)),
                new RecordHeaders(),
                Optional.empty());
    }

    void awaitDelivered(List<PendingSignup> signups) {
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(delivered.keySet())
                        .containsAll(
                                signups.stream().map(PendingSignup::signupId).toList()));
        await().atMost(LIMIT).untilAsserted(() -> assertThat(cuts).contains((long) signups.size()));
    }
}
