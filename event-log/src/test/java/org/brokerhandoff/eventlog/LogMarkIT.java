package org.brokerhandoff.eventlog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.brokerhandoff.embeddedkafka.TestKafka;
import org.brokerhandoff.event.ConsentWithdrawn;
import org.brokerhandoff.event.WithdrawalMethod;
import org.brokerhandoff.event.WithdrawalOutcome;
import org.brokerhandoff.schemas.EventCodec;
import org.brokerhandoff.schemas.SignupIds;
import org.brokerhandoff.schemas.Topic;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How much of a long log is read from a mark, counted in events. */
class LogMarkIT {
    private static final int HISTORY = 3_000;
    private static final int SINCE = 40;
    private static final int PARTITIONS = 3;

    private final EventCodec codec = new EventCodec();
    private final EventLogSettings settings = new EventLogSettings(
            TestKafka.shared().bootstrapServers(),
            Map.of(),
            TestKafka.shared().randomTopicPrefix(),
            PARTITIONS,
            1,
            Duration.ofHours(24));
    private final KafkaClients clients = new KafkaClients(settings);
    private final Admin admin = clients.admin("test-admin");

    @BeforeEach
    void topics() {
        new TopicProvisioner(admin, settings).provision();
    }

    @AfterEach
    void close() {
        admin.close();
    }

    private void withdraw(int signups) {
        try (EventPublisher publisher = new EventPublisher(clients, codec, "/test", InstantSource.system())) {
            List<CompletableFuture<?>> acknowledged = new ArrayList<>();
            for (int i = 0; i < signups; i++) {
                UUID id = UUID.randomUUID();
                ConsentWithdrawn event = ConsentWithdrawn.newBuilder()
                        .setSignupId(SignupIds.fixed(id))
                        .setWithdrawnAt(Instant.now())
                        .setMethod(WithdrawalMethod.WEBSITE_REQUEST)
                        .setOutcome(WithdrawalOutcome.ERASED_BEFORE_HANDOFF)
                        .build();
                acknowledged.add(publisher.publish(Topic.CONSENTS, id, event).toCompletableFuture());
            }
            acknowledged.forEach(CompletableFuture::join);
        }
    }

    /** A current mark, by a clock that is so far ahead that Kafka's times say nothing about it. */
    private LogMark mark() {
        return LogMark.now(admin, settings, PurgedSlots.TOPICS, Instant.now().plusSeconds(600));
    }

    /** A signup without events, for each partition. */
    private static Map<UUID, Instant> inEachPartition() {
        Map<Integer, UUID> ids = new HashMap<>();
        while (ids.size() < PARTITIONS) {
            UUID id = UUID.randomUUID();
            ids.put(EventPartitions.of(id, PARTITIONS), id);
        }
        return ids.values().stream().collect(Collectors.toMap(id -> id, id -> Instant.EPOCH));
    }

    private long read(Optional<byte[]> mark) {
        return PurgedSlots.since(
                clients,
                codec,
                "test-purges",
                inEachPartition(),
                mark,
                new PurgedSlots.Handler(
                        (signupId, slot, generation) -> {}, (signupId, reason) -> {}, signupId -> {}, signupId -> {}));
    }

    @Test
    void from_a_mark_on_only_what_came_after_it_is_read_however_long_the_log_is() {
        withdraw(HISTORY);
        byte[] mark = mark().encoded();
        assertThat(read(Optional.of(mark))).isZero();
        withdraw(SINCE);
        assertThat(read(Optional.of(mark))).isEqualTo(SINCE);
        assertThat(read(Optional.empty())).isEqualTo(HISTORY + SINCE);
    }

    @Test
    void what_was_appended_since_the_moment_of_a_mark_is_read_although_its_offsets_are_lower() {
        withdraw(SINCE);
        // Like a log that has lost its records and has grown again: the noted ends are those of the lost ones.
        LogMark ofTheLostLog = new LogMark(
                Instant.now().minusSeconds(3600),
                Map.of(
                        Topic.CONSENTS, List.of(5L, 5L, 5L),
                        Topic.HANDOFFS, List.of(0L, 0L, 0L),
                        Topic.PURGES, List.of(0L, 0L, 0L)));
        assertThat(read(Optional.of(ofTheLostLog.encoded()))).isEqualTo(SINCE);
    }

    @Test
    void a_mark_behind_the_end_of_a_truncated_log_leaves_nothing_out_that_came_since() {
        withdraw(SINCE);
        List<Long> beyond = List.of(1_000_000L, 1_000_000L, 1_000_000L);
        LogMark mark = new LogMark(
                Instant.now().minusSeconds(3600),
                Map.of(Topic.CONSENTS, beyond, Topic.HANDOFFS, beyond, Topic.PURGES, beyond));
        assertThat(read(Optional.of(mark.encoded()))).isEqualTo(SINCE);
    }

    @Test
    void a_partition_or_topic_that_a_mark_does_not_have_is_read_whole() {
        withdraw(HISTORY);
        LogMark ofOnePartition = new LogMark(Instant.now().plusSeconds(600), Map.of(Topic.CONSENTS, List.of(0L)));
        assertThat(read(Optional.of(ofOnePartition.encoded()))).isEqualTo(HISTORY);
        assertThat(read(Optional.of(new LogMark(Instant.now(), Map.of()).encoded())))
                .isEqualTo(HISTORY);
    }

    @Test
    void bytes_that_are_no_mark_are_read_without_one() {
        withdraw(SINCE);
        byte[] mark = mark().encoded();
        byte[] ofAnotherVersion = mark.clone();
        ofAnotherVersion[0] = 9;
        assertThat(LogMark.decoded(mark)).isPresent();
        for (byte[] bytes : List.of(
                ofAnotherVersion, new byte[0], new byte[] {1}, Arrays.copyOf(mark, mark.length - 1), new byte[100])) {
            assertThat(LogMark.decoded(bytes)).isEmpty();
            assertThat(read(Optional.of(bytes))).isEqualTo(SINCE);
        }
    }

    @Test
    void marks_are_kept_one_look_late_and_through_refusals() {
        withdraw(SINCE);
        BlockingQueue<LogMark> kept = new LinkedBlockingQueue<>();
        int[] refusals = {2};
        LogMarks marks = LogMarks.start(
                admin,
                settings,
                InstantSource.system(),
                bytes -> {
                    if (refusals[0]-- > 0) {
                        throw new IllegalStateException("no room");
                    }
                    kept.add(LogMark.decoded(bytes).orElseThrow());
                },
                Duration.ofMillis(20));
        try {
            await().atMost(Duration.ofSeconds(30)).until(() -> kept.size() > 2);
        } finally {
            marks.close();
        }
        LogMark first = kept.remove();
        assertThat(first.ends().getOrDefault(Topic.CONSENTS, List.of()).stream()
                        .mapToLong(Long::longValue)
                        .sum())
                .isEqualTo(SINCE);
        assertThat(kept.remove().at()).isAfterOrEqualTo(first.at());
    }
}
