package org.brokerhandoff.router.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.brokerhandoff.router.Examples;
import org.brokerhandoff.router.deliver.BrokerReply;
import org.brokerhandoff.router.domain.Assignment;
import org.brokerhandoff.router.domain.History;
import org.brokerhandoff.router.domain.PendingSignup;
import org.brokerhandoff.schemas.SignupIds;
import org.junit.jupiter.api.Test;

/** Signups that were parked. */
class SignupConsumerParkedTest extends ConsumeLoop {
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
