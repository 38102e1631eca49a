package org.brokerhandoff.router.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.brokerhandoff.event.Assigned;
import org.brokerhandoff.eventlog.UnknownSchema;
import org.brokerhandoff.router.Examples;
import org.brokerhandoff.router.domain.Assignment;
import org.brokerhandoff.router.domain.History;
import org.brokerhandoff.router.domain.PendingSignup;
import org.brokerhandoff.schemas.Decoded;
import org.brokerhandoff.schemas.SignupIds;
import org.junit.jupiter.api.Test;

/** What becomes of records when something fails in between. */
class SignupConsumerTest extends ConsumeLoop {
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
}
