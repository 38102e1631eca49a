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
import org.brokerhandoff.custody.owners.LeaseOutcome;
import org.brokerhandoff.custody.owners.PartitionLease;
import org.brokerhandoff.event.Assigned;
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
import org.brokerhandoff.router.domain.Assignment;
import org.brokerhandoff.router.domain.History;
import org.brokerhandoff.router.domain.PendingSignup;
import org.brokerhandoff.router.handoff.HandoffParts;
import org.brokerhandoff.router.purge.Brokers;
import org.brokerhandoff.router.purge.ErasureReports;
import org.brokerhandoff.router.purge.LogCutter;
import org.brokerhandoff.router.purge.PurgeLog;
import org.brokerhandoff.router.purge.PurgeWorker;
import org.brokerhandoff.router.trace.HandoffTraces;
import org.brokerhandoff.schemas.Decoded;
import org.brokerhandoff.schemas.SignupIds;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The consume loop on Kafka's own fake consumer: what becomes of records when something fails in between. */
class SignupConsumerTest {
    private static final TopicPartition PARTITION = new TopicPartition("signups", 2);
    private static final TopicPartition PARKED = new TopicPartition("signups-parked", 2);
    private static final Duration PARKING_INTERVAL = Duration.ofMillis(300);
    private static final Duration LIMIT = Duration.ofSeconds(20);

    @TempDir
    Path directory;

    private final Map<UUID, String> delivered = new ConcurrentHashMap<>();
    private final List<Long> cuts = new CopyOnWriteArrayList<>();
    private final List<Long> parkedCuts = new CopyOnWriteArrayList<>();
    private static final BrokerReply ACCEPTED =
            new BrokerReply.Answered(200, Optional.of(BrokerReply.Verdict.ACCEPTED), Optional.empty());
    private volatile Function<UUID, CompletionStage<BrokerReply>> answer =
            signupId -> CompletableFuture.completedFuture(ACCEPTED);
    private volatile boolean failingCommits;
    private final AtomicInteger failures = new AtomicInteger();
    private volatile Optional<UnknownSchema> newerEvent = Optional.empty();
    private final AtomicInteger failingEnds = new AtomicInteger();
    private final Map<UUID, History> histories = new ConcurrentHashMap<>();
    private final List<ConsumerRecord<byte[], byte[]>> published = new ArrayList<>();
    private MockConsumer<byte[], byte[]> kafka;
    private SlotFile custody;
    private HandoffParts parts;
    private EndingLeases leases;
    private PurgeWorker purges;
    private SignupConsumer consumer;

    private final class Network implements BrokerClient {
        @Override
        public CompletionStage<BrokerReply> post(
                Broker broker, PersonalData body, WebhookSignature signature, Duration limit) {
            body.wipe();
            delivered.put(UUID.fromString(signature.id()), broker.id());
            return answer.apply(UUID.fromString(signature.id()));
        }
    }

    private record Cutter(List<Long> cuts) implements LogCutter {
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

    private static final class Purges implements PurgeLog {
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

    private PendingSignup signup() {
        Instant expiry = Instant.now().plusSeconds(600);
        return HandoffParts.sealed(custody, UUID.randomUUID(), expiry, expiry.plusSeconds(60), "first", "second");
    }

    private List<PendingSignup> start(int count, long end) {
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

    private static ConsumerRecord<byte[], byte[]> record(long offset, PendingSignup signup) {
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

    private void awaitDelivered(List<PendingSignup> signups) {
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(delivered.keySet())
                        .containsAll(
                                signups.stream().map(PendingSignup::signupId).toList()));
        await().atMost(LIMIT).untilAsserted(() -> assertThat(cuts).contains((long) signups.size()));
    }

    @Test
    void records_whose_histories_could_not_be_read_come_again_and_are_delivered() {
        failures.set(2);
        awaitDelivered(start(5, 5));
    }

    /** The record itself can be read; what a newer router did with its signup cannot. */
    @Test
    void a_partition_whose_histories_a_newer_router_wrote_stops_in_front_of_its_first_record_and_says_why() {
        newerEvent = Optional.of(UnknownSchema.at(
                new ConsumerRecord<>("handoffs", 2, 9, new byte[0], new byte[0]), new Decoded.UnknownSchema(0x99)));
        start(3, 3);
        await().atMost(LIMIT).until(() -> !consumer.stoppedForSchema().isEmpty());
        assertThat(consumer.stoppedForSchema())
                .containsExactly(
                        "signups-2: handoffs-2@9 has schema 0000000000000099, which this version does not know;"
                                + " upgrade this service");
        assertThat(consumer.stoppedAfterFailure()).isEmpty();
        assertThat(consumer.inFlight()).isZero();
        assertThat(delivered).isEmpty();
        assertThat(cuts).isEmpty();
    }

    @Test
    void a_partition_that_could_not_be_asked_for_its_end_in_the_rebalance_is_consumed_all_the_same() {
        failingEnds.set(1);
        awaitDelivered(start(5, 5));
    }

    /** Its slots may wait for their purge since a crash, and no record comes that would have it adopted. */
    @Test
    void a_partition_that_could_not_be_asked_in_the_rebalance_is_taken_up_though_nothing_stands_in_it() {
        failingEnds.set(1);
        kafka.schedulePollTask(() -> {
            kafka.updateBeginningOffsets(Map.of(PARTITION, 7L));
            kafka.updateEndOffsets(Map.of(PARTITION, 7L));
            kafka.rebalance(List.of(PARTITION));
        });
        consumer.start();
        purges.start();
        await().atMost(LIMIT).untilAsserted(() -> assertThat(cuts).contains(7L));
    }

    @Test
    void a_partition_that_another_still_owns_is_neither_worked_on_nor_cut_until_its_lease_is_given_back() {
        PartitionLease other = ((LeaseOutcome.Acquired) leases.tryAcquire(2)).lease();
        List<PendingSignup> signups = start(5, 5);
        await().atMost(LIMIT).untilAsserted(() -> assertThat(leases.waiting()).containsKey(2));
        assertThat(kafka.paused()).contains(PARTITION);
        assertThat(delivered).isEmpty();
        assertThat(cuts).isEmpty();
        other.close();
        awaitDelivered(signups);
        assertThat(leases.waiting()).isEmpty();
    }

    /** As over several hosts, where a lease ends by time. */
    @Test
    void a_partition_whose_lease_has_ended_drains_and_is_taken_up_again_at_its_first_unfinished_record() {
        CompletableFuture<BrokerReply> late = new CompletableFuture<>();
        answer = signupId -> late;
        List<PendingSignup> signups = start(2, 2);
        await().atMost(LIMIT).untilAsserted(() -> assertThat(delivered).hasSize(2));
        leases.end();
        await().atMost(LIMIT).until(() -> kafka.paused().contains(PARTITION));
        assertThat(leases.given()).as("what is under way keeps its lease").isEqualTo(1);
        assertThat(consumer.inFlight()).isEqualTo(2);
        answer = signupId -> CompletableFuture.completedFuture(ACCEPTED);
        late.complete(ACCEPTED);
        awaitDelivered(signups);
        assertThat(leases.given()).isEqualTo(2);
    }

    @Test
    void nothing_is_cut_while_a_record_before_it_is_not_finished() {
        parts.log.acknowledges = event -> !(event instanceof Assigned);
        List<PendingSignup> signups = start(3, 3);
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(consumer.inFlight()).isEqualTo(3));
        assertThat(cuts).isEmpty();
        parts.log.acknowledges = event -> true;
        awaitDelivered(signups);
    }

    @Test
    void a_recorded_assignment_is_known_before_the_first_record_is_looked_at() {
        PendingSignup begun = signup();
        histories.put(begun.signupId(), History.NONE.assigned(new Assignment("second", 0, Examples.RECEIVED)));
        kafka.schedulePollTask(() -> {
            kafka.updateBeginningOffsets(Map.of(PARTITION, 0L));
            kafka.updateEndOffsets(Map.of(PARTITION, 1L));
            kafka.rebalance(List.of(PARTITION));
        });
        kafka.schedulePollTask(() -> {
            kafka.addRecord(record(0, begun));
        });
        consumer.start();
        await().atMost(LIMIT).untilAsserted(() -> assertThat(delivered).containsEntry(begun.signupId(), "second"));
    }

    @Test
    void a_partition_that_is_taken_away_is_let_go_though_its_offset_cannot_be_committed() {
        failingCommits = true;
        kafka.schedulePollTask(() -> {
            kafka.updateBeginningOffsets(Map.of(PARTITION, 0L));
            kafka.updateEndOffsets(Map.of(PARTITION, 0L));
            kafka.rebalance(List.of(PARTITION));
        });
        List<PendingSignup> signups = List.of(signup());
        kafka.schedulePollTask(() -> kafka.addRecord(record(0, signups.get(0))));
        consumer.start();
        await().atMost(LIMIT).untilAsserted(() -> assertThat(delivered).hasSize(1));
        kafka.schedulePollTask(() -> kafka.rebalance(List.of()));
        // Nothing is published here, so a waiting caller is released only because the partition is.
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(purges.dueWithoutSlot(Examples.signup(UUID.randomUUID(), "first")))
                        .isCompleted());
    }

    private ConsumerRecord<byte[], byte[]> parkedRecord(long offset, PendingSignup signup, Instant parkedAt) {
        return new ConsumerRecord<>(
                PARKED.topic(),
                PARKED.partition(),
                offset,
                parkedAt.toEpochMilli(),
                TimestampType.LOG_APPEND_TIME,
                16,
                1,
                SignupIds.bytes(signup.signupId()),
                Examples.CODEC.encode(SealedSignups.parked(
                        signup,
                        History.NONE.assigned(new Assignment("second", 0, Examples.RECEIVED)),
                        Optional.empty(),
                        parkedAt)),
                new RecordHeaders(),
                Optional.empty());
    }

    private void startWithParked(Instant parkedAt, PendingSignup... signups) {
        kafka.schedulePollTask(() -> {
            kafka.updateBeginningOffsets(Map.of(PARTITION, 0L, PARKED, 0L));
            kafka.updateEndOffsets(Map.of(PARTITION, 0L, PARKED, (long) signups.length));
            kafka.rebalance(List.of(PARTITION, PARKED));
        });
        kafka.schedulePollTask(() -> {
            for (int i = 0; i < signups.length; i++) {
                kafka.addRecord(parkedRecord(i, signups[i], parkedAt));
            }
        });
        consumer.start();
        purges.start();
    }

    @Test
    void a_parked_signup_is_delivered_to_the_broker_it_was_parked_for_once_it_is_due() {
        PendingSignup signup = signup();
        Instant parkedAt = Instant.now();
        startWithParked(parkedAt, signup);
        await().atMost(LIMIT).untilAsserted(() -> assertThat(delivered).containsEntry(signup.signupId(), "second"));
        assertThat(Instant.now()).isAfterOrEqualTo(parkedAt.plus(PARKING_INTERVAL));
        await().atMost(LIMIT).untilAsserted(() -> assertThat(parkedCuts).contains(1L));
    }

    @Test
    void what_the_log_says_after_the_copy_was_written_counts_too() {
        PendingSignup signup = signup();
        histories.put(signup.signupId(), History.NONE.refused("second"));
        startWithParked(Instant.now().minusSeconds(5), signup);
        await().atMost(LIMIT).untilAsserted(() -> assertThat(delivered).containsEntry(signup.signupId(), "first"));
    }

    @Test
    void signups_that_were_parked_do_not_come_back_all_at_once() {
        AtomicInteger open = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        CompletableFuture<BrokerReply> reply = new CompletableFuture<>();
        answer = signupId -> {
            most.accumulateAndGet(open.incrementAndGet(), Math::max);
            return reply;
        };
        PendingSignup[] signups = new PendingSignup[30];
        for (int i = 0; i < signups.length; i++) {
            signups[i] = signup();
        }
        startWithParked(Instant.now().minusSeconds(5), signups);
        await().atMost(LIMIT).untilAsserted(() -> assertThat(open).hasValue(64 / 8));
        reply.complete(ACCEPTED);
        await().atMost(LIMIT).untilAsserted(() -> assertThat(parkedCuts).contains((long) signups.length));
        assertThat(delivered).hasSize(signups.length);
    }

    @Test
    void two_records_of_one_signup_are_delivered_once() {
        PendingSignup signup = signup();
        AtomicInteger assignments = new AtomicInteger();
        parts.log.acknowledges = event -> {
            assignments.addAndGet(event instanceof Assigned ? 1 : 0);
            return true;
        };
        kafka.schedulePollTask(() -> {
            kafka.updateBeginningOffsets(Map.of(PARTITION, 0L));
            kafka.updateEndOffsets(Map.of(PARTITION, 0L));
            kafka.rebalance(List.of(PARTITION));
        });
        kafka.schedulePollTask(() -> {
            kafka.addRecord(record(0, signup));
            kafka.addRecord(record(1, signup));
        });
        consumer.start();
        purges.start();
        await().atMost(LIMIT).untilAsserted(() -> assertThat(cuts).contains(2L));
        assertThat(assignments).hasValue(1);
    }

    @Test
    void a_record_with_a_slot_that_cannot_be_is_set_aside_and_the_rest_goes_on() {
        PendingSignup good = signup();
        PendingSignup bad = signup();
        byte[] value = Examples.CODEC.encode(org.brokerhandoff.event.SealedSignup.newBuilder(SealedSignups.event(bad))
                .setSlot(-1)
                .build());
        kafka.schedulePollTask(() -> {
            kafka.updateBeginningOffsets(Map.of(PARTITION, 0L));
            kafka.updateEndOffsets(Map.of(PARTITION, 0L));
            kafka.rebalance(List.of(PARTITION));
        });
        kafka.schedulePollTask(() -> {
            kafka.addRecord(new ConsumerRecord<>(
                    PARTITION.topic(), PARTITION.partition(), 0, SignupIds.bytes(bad.signupId()), value));
            kafka.addRecord(record(1, good));
        });
        consumer.start();
        purges.start();
        await().atMost(LIMIT).untilAsserted(() -> assertThat(cuts).contains(2L));
        assertThat(delivered).containsOnlyKeys(good.signupId());
    }

    /** A record that a newer ingest wrote, and one behind it that is known. */
    @Test
    void a_record_of_an_unknown_schema_stops_its_partition_and_is_neither_set_aside_nor_passed_over() {
        PendingSignup before = signup();
        PendingSignup newer = signup();
        PendingSignup after = signup();
        byte[] value = Examples.CODEC.encode(SealedSignups.event(newer));
        value[2] ^= 1;
        TopicPartition other = new TopicPartition("signups", 1);
        PendingSignup elsewhere = signup();
        kafka.schedulePollTask(() -> {
            kafka.updateBeginningOffsets(Map.of(PARTITION, 0L, other, 0L));
            kafka.updateEndOffsets(Map.of(PARTITION, 0L, other, 0L));
            kafka.rebalance(List.of(PARTITION, other));
        });
        kafka.schedulePollTask(() -> {
            kafka.addRecord(record(0, before));
            kafka.addRecord(new ConsumerRecord<>(
                    PARTITION.topic(), PARTITION.partition(), 1, SignupIds.bytes(newer.signupId()), value));
            kafka.addRecord(record(2, after));
        });
        consumer.start();
        purges.start();
        await().atMost(LIMIT).untilAsserted(() -> assertThat(cuts).contains(1L));
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(consumer.stoppedForSchema())
                        .singleElement()
                        .asString()
                        .startsWith("signups-2: signups-2@1 has schema"));
        kafka.schedulePollTask(() -> kafka.addRecord(new ConsumerRecord<>(
                other.topic(),
                other.partition(),
                0,
                SignupIds.bytes(elsewhere.signupId()),
                Examples.CODEC.encode(SealedSignups.event(elsewhere)))));
        await().atMost(LIMIT).untilAsserted(() -> assertThat(delivered).containsKey(elsewhere.signupId()));
        assertThat(delivered).doesNotContainKeys(newer.signupId(), after.signupId());
        assertThat(cuts).allMatch(cut -> cut <= 1);
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(kafka.committed(Set.of(PARTITION)))
                        .containsEntry(PARTITION, new OffsetAndMetadata(1)));
        kafka.schedulePollTask(() -> kafka.rebalance(List.of(other)));
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(consumer.stoppedForSchema()).isEmpty());
    }

    @Test
    void a_parked_record_of_an_unknown_schema_stops_the_parked_partition_only() {
        PendingSignup fresh = signup();
        PendingSignup newer = signup();
        ConsumerRecord<byte[], byte[]> parked =
                parkedRecord(0, newer, Instant.now().minusSeconds(5));
        parked.value()[2] ^= 1;
        kafka.schedulePollTask(() -> {
            kafka.updateBeginningOffsets(Map.of(PARTITION, 0L, PARKED, 0L));
            kafka.updateEndOffsets(Map.of(PARTITION, 0L, PARKED, 0L));
            kafka.rebalance(List.of(PARTITION, PARKED));
        });
        kafka.schedulePollTask(() -> kafka.addRecord(parked));
        consumer.start();
        purges.start();
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(consumer.stoppedForSchema()).hasSize(1));
        kafka.schedulePollTask(() -> kafka.addRecord(record(0, fresh)));
        await().atMost(LIMIT).untilAsserted(() -> assertThat(cuts).contains(1L));
        assertThat(parkedCuts).allMatch(cut -> cut == 0);
        assertThat(delivered).containsOnlyKeys(fresh.signupId());
    }
}
