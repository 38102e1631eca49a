package org.brokerhandoff.router.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.brokerhandoff.custody.CustodySettings;
import org.brokerhandoff.custody.FileKeyset;
import org.brokerhandoff.custody.SlotFile;
import org.brokerhandoff.custody.SlotReference;
import org.brokerhandoff.custody.owners.FileLeases;
import org.brokerhandoff.custody.owners.LeaseOutcome;
import org.brokerhandoff.custody.owners.PartitionLease;
import org.brokerhandoff.custody.owners.PartitionLeases;
import org.brokerhandoff.event.Assigned;
import org.brokerhandoff.event.ConsentWithdrawn;
import org.brokerhandoff.event.Delivered;
import org.brokerhandoff.event.Purged;
import org.brokerhandoff.event.RecordsFinished;
import org.brokerhandoff.eventlog.UnknownSchema;
import org.brokerhandoff.router.Examples;
import org.brokerhandoff.router.deliver.Backoff;
import org.brokerhandoff.router.deliver.BrokerReply;
import org.brokerhandoff.router.domain.History;
import org.brokerhandoff.router.domain.PendingSignup;
import org.brokerhandoff.router.handoff.HandoffParts;
import org.brokerhandoff.router.purge.Brokers;
import org.brokerhandoff.router.purge.CompletionTracker;
import org.brokerhandoff.router.purge.ErasureReports;
import org.brokerhandoff.router.purge.LogCutter;
import org.brokerhandoff.router.purge.PurgeLog;
import org.brokerhandoff.router.purge.PurgeWorker;
import org.brokerhandoff.router.trace.HandoffTraces;
import org.brokerhandoff.schemas.SignupIds;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Which records count as finished, when the partition goes at each point of the work on them. */
class RecordWorkTest {
    private static final Duration LIMIT = Duration.ofSeconds(20);

    @TempDir
    Path directory;

    private final CompletableFuture<Void> copied = new CompletableFuture<>();
    private SlotFile custody;
    private HandoffParts parts;
    private PartitionLeases leases;
    private PurgeWorker purges;
    private RecordWork work;
    private final RecordWork.InFlight inFlight = new RecordWork.InFlight();
    private volatile BrokerReply reply =
            new BrokerReply.Answered(200, Optional.of(BrokerReply.Verdict.ACCEPTED), Optional.empty());
    private volatile Runnable atBroker = () -> {};
    private volatile boolean copyFails;
    private final AtomicInteger copies = new AtomicInteger();

    /** What may be cut when the log has been told of what is finished. */
    private static long finishedBefore(AssignedPartition state) {
        state.tracker.unaccounted().ifPresent(state.tracker::accounted);
        return state.tracker.completed().prefix();
    }

    private static final class NoKafka implements LogCutter, PurgeLog {
        @Override
        public Set<Integer> cut(Map<Integer, Long> offsets) {
            return Set.of();
        }

        @Override
        public Map<Integer, Observation> observe(Collection<Integer> partitions) {
            return Map.of();
        }

        @Override
        public long endOffset(int partition) {
            return 0;
        }

        @Override
        public void appendMarker(int partition) {}

        @Override
        public Duration checkpointInterval() {
            return Duration.ofSeconds(1);
        }

        @Override
        public CompletionStage<?> publish(RecordsFinished finished) {
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public CompletionStage<?> publish(UUID signupId, Purged purged) {
            return new CompletableFuture<>();
        }

        @Override
        public CompletionStage<?> publish(UUID signupId, ConsentWithdrawn withdrawn) {
            return new CompletableFuture<>();
        }
    }

    @BeforeEach
    void open() {
        custody = SlotFile.open(
                new CustodySettings(directory.resolve("slots"), 64, 64),
                FileKeyset.openOrCreate(directory.resolve("keyset")));
        leases = FileLeases.open(directory.resolve("slots"), 3);
        parts = new HandoffParts(
                custody,
                Examples.directory(Examples.broker("first", 1, 1)),
                (broker, body, signature, limit) -> {
                    body.wipe();
                    atBroker.run();
                    return CompletableFuture.completedFuture(reply);
                },
                InstantSource.system(),
                new Backoff(Duration.ofMillis(1), Duration.ofMillis(2)));
        NoKafka none = new NoKafka();
        purges = new PurgeWorker(
                new PurgeWorker.Parts(
                        custody,
                        none,
                        none,
                        Brokers::nothingSetAside,
                        none,
                        () -> ErasureReports.NONE,
                        (event, at) -> {}),
                new PurgeWorker.Terms(
                        Duration.ofSeconds(1), () -> Examples.CEILING, Duration.ofMinutes(10), Duration.ZERO),
                signupId -> 2,
                InstantSource.system(),
                () -> Duration.ofNanos(System.nanoTime()));
        work = new RecordWork(
                new SignupConsumer.HandoffLane(parts.lane, parts.handoff, parts.log),
                Examples.CODEC,
                (topic, partition, offset, key, value, reason) -> {
                    copies.incrementAndGet();
                    if (copyFails) {
                        throw new IllegalStateException("closed");
                    }
                    return copied;
                },
                purges,
                HandoffTraces.OFF,
                inFlight);
    }

    @AfterEach
    void close() {
        parts.close();
        leases.close();
        custody.close();
    }

    private AssignedPartition partition(boolean parked) {
        PartitionLease lease = ((LeaseOutcome.Acquired) leases.tryAcquire(2)).lease();
        return new AssignedPartition(
                new TopicPartition(parked ? "signups-parked" : "signups", 2),
                parked,
                new PartitionHold(lease),
                new CompletionTracker(7),
                0);
    }

    private PendingSignup signup() {
        Instant expiry = Instant.now().plusSeconds(600);
        return HandoffParts.sealed(custody, UUID.randomUUID(), expiry, expiry.plusSeconds(60), "first");
    }

    private static ConsumerRecord<byte[], byte[]> record(PendingSignup signup, boolean parked, byte[] value) {
        return new ConsumerRecord<>(
                parked ? "signups-parked" : "signups",
                2,
                7,
                Instant.now().toEpochMilli(),
                TimestampType.LOG_APPEND_TIME,
                16,
                1,
                SignupIds.bytes(signup.signupId()),
                value,
                new RecordHeaders(),
                Optional.empty());
    }

    private static byte[] value(PendingSignup signup, boolean parked) {
        return Examples.CODEC.encode(
                parked
                        ? SealedSignups.parked(signup, History.NONE, Optional.empty(), Instant.now())
                        : SealedSignups.event(signup));
    }

    /** Where the partition goes. */
    enum Point {
        BEFORE_THE_ASSIGNMENT(false),
        AT_THE_BROKER_WHICH_IS_DOWN(false),
        AT_THE_BROKER_WHICH_ACCEPTS(true),
        WHEN_DELIVERY_IS_ACKNOWLEDGED(true);

        /** Whether the signup's fate is decided then, so that the record is finished although the partition is gone. */
        private final boolean finished;

        Point(boolean finished) {
            this.finished = finished;
        }
    }

    private void begin(AssignedPartition state, ConsumerRecord<byte[], byte[]> record) {
        work.run(work.begin(state, record).stream().toList());
    }

    private void assertThatTheLeaseIsGivenBack() {
        await().atMost(LIMIT).until(() -> {
            LeaseOutcome outcome = leases.tryAcquire(2);
            if (outcome instanceof LeaseOutcome.Acquired acquired) {
                acquired.lease().close();
            }
            return outcome instanceof LeaseOutcome.Acquired;
        });
    }

    private void lose(AssignedPartition state) {
        purges.revoked(2);
        purges.revokedParked(2);
        if (state.held()) {
            state.goes();
        }
    }

    @ParameterizedTest
    @EnumSource(Point.class)
    void a_record_that_is_left_because_its_partition_has_gone_never_counts_as_finished(Point point) {
        for (boolean parked : List.of(false, true)) {
            AssignedPartition state = partition(parked);
            purges.assigned(2, state.tracker);
            PendingSignup signup = signup();
            atBroker = () -> {};
            parts.log.acknowledges = event -> true;
            switch (point) {
                case BEFORE_THE_ASSIGNMENT -> {}
                case AT_THE_BROKER_WHICH_IS_DOWN -> {
                    reply = new BrokerReply.Answered(503, Optional.empty(), Optional.of("3600"));
                    atBroker = () -> lose(state);
                }
                case AT_THE_BROKER_WHICH_ACCEPTS -> atBroker = () -> lose(state);
                case WHEN_DELIVERY_IS_ACKNOWLEDGED ->
                    parts.log.acknowledges = event -> {
                        if (event instanceof Delivered) {
                            lose(state);
                        }
                        return true;
                    };
            }
            List<Runnable> begun = work.begin(state, record(signup, parked, value(signup, parked))).stream()
                    .toList();
            if (point == Point.BEFORE_THE_ASSIGNMENT) {
                lose(state);
            }
            work.run(begun);
            await().atMost(LIMIT)
                    .untilAsserted(() ->
                            assertThat(inFlight.fresh() + inFlight.parked()).isZero());
            assertThat(finishedBefore(state)).isEqualTo(point.finished ? 8 : 7);
            assertThatTheLeaseIsGivenBack();
        }
    }

    @Test
    void the_lease_is_given_back_when_the_request_that_is_under_way_has_been_answered_and_not_before() {
        AssignedPartition state = partition(false);
        purges.assigned(2, state.tracker);
        CompletableFuture<Void> answered = new CompletableFuture<>();
        CompletableFuture<Void> sent = new CompletableFuture<>();
        atBroker = () -> {
            sent.complete(null);
            answered.join();
        };
        PendingSignup signup = signup();
        begin(state, record(signup, false, value(signup, false)));
        sent.join();
        lose(state);
        assertThat(leases.tryAcquire(2)).isInstanceOf(LeaseOutcome.Refused.class);
        answered.complete(null);
        assertThatTheLeaseIsGivenBack();
        assertThat(parts.log.events(signup.signupId())).anyMatch(Delivered.class::isInstance);
    }

    @Test
    void a_record_that_waits_for_its_assignment_when_the_partition_goes_is_left() {
        AssignedPartition state = partition(false);
        parts.log.acknowledges = event -> !(event instanceof Assigned);
        PendingSignup signup = signup();
        begin(state, record(signup, false, value(signup, false)));
        lose(state);
        await().atMost(LIMIT).untilAsserted(() -> assertThat(inFlight.fresh()).isZero());
        assertThat(finishedBefore(state)).isEqualTo(7);
    }

    /** No slot would bring it back, and its purge is not published. */
    @Test
    void a_record_whose_slot_is_gone_is_not_finished_when_the_partition_goes_before_its_purge_is_published() {
        AssignedPartition state = partition(false);
        purges.assigned(2, state.tracker);
        PendingSignup signup = Examples.signup(
                UUID.randomUUID(),
                new SlotReference(60, 1),
                Instant.now().plusSeconds(600),
                Instant.now().plusSeconds(660),
                new byte[0],
                "first");
        begin(state, record(signup, false, value(signup, false)));
        await().atMost(LIMIT).untilAsserted(() -> assertThat(purges.pending()).isEqualTo(1));
        lose(state);
        await().atMost(LIMIT).untilAsserted(() -> assertThat(inFlight.fresh()).isZero());
        assertThat(finishedBefore(state)).isEqualTo(7);
    }

    @Test
    void a_repeat_of_a_signup_is_left_with_the_first_record() {
        AssignedPartition state = partition(false);
        parts.log.acknowledges = event -> !(event instanceof Assigned);
        PendingSignup signup = signup();
        List<ConsumerRecord<byte[], byte[]>> both = new ArrayList<>();
        both.add(record(signup, false, value(signup, false)));
        ConsumerRecord<byte[], byte[]> first = both.get(0);
        both.add(new ConsumerRecord<>("signups", 2, 8, first.key(), first.value()));
        both.forEach(each -> begin(state, each));
        lose(state);
        await().atMost(LIMIT).untilAsserted(() -> assertThat(inFlight.fresh()).isZero());
        assertThat(finishedBefore(state)).isEqualTo(7);
        assertThat(state.tracker.inFlight()).isEqualTo(2);
    }

    @ParameterizedTest
    @org.junit.jupiter.params.provider.ValueSource(booleans = {false, true})
    void a_record_of_an_unknown_schema_is_not_even_begun(boolean parked) {
        AssignedPartition state = partition(parked);
        PendingSignup signup = signup();
        byte[] value = value(signup, parked);
        ByteBuffer.wrap(value).order(ByteOrder.LITTLE_ENDIAN).putLong(2, 0x1122334455667788L);
        assertThatThrownBy(() -> work.begin(state, record(signup, parked, value)))
                .isInstanceOf(UnknownSchema.class)
                .hasMessageContaining("2@7")
                .hasMessageContaining("1122334455667788")
                .hasMessageContaining("upgrade");
        assertThat(state.tracker.consumed()).isEqualTo(7);
        assertThat(copied.getNumberOfDependents()).isZero();
    }

    @Test
    void a_copy_that_cannot_be_begun_is_tried_again_and_leaves_the_record_unfinished_until_it_is_made() {
        AssignedPartition state = partition(false);
        copyFails = true;
        begin(state, record(signup(), false, new byte[] {1, 2, 3}));
        await().atMost(LIMIT).untilAsserted(() -> assertThat(copies.get()).isGreaterThan(1));
        assertThat(inFlight.fresh()).isEqualTo(1);
        assertThat(finishedBefore(state)).isEqualTo(7);
        copyFails = false;
        copied.complete(null);
        await().atMost(LIMIT).untilAsserted(() -> assertThat(inFlight.fresh()).isZero());
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(finishedBefore(state)).isEqualTo(8));
    }

    @Test
    void a_copy_that_cannot_be_begun_is_not_tried_again_once_the_partition_has_gone() {
        AssignedPartition state = partition(false);
        copyFails = true;
        begin(state, record(signup(), false, new byte[] {1, 2, 3}));
        lose(state);
        await().atMost(LIMIT).untilAsserted(() -> assertThat(inFlight.fresh()).isZero());
        assertThat(finishedBefore(state)).isEqualTo(7);
    }
}
