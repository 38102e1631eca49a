package org.brokerhandoff.eventlog;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.brokerhandoff.schemas.Topic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AcknowledgedEndsTest {
    private static final int PARTITIONS = 3;

    @TempDir
    Path directory;

    @Test
    void an_end_is_behind_the_highest_acknowledged_offset_of_that_partition_only() {
        AcknowledgedEnds ends = new AcknowledgedEnds(PARTITIONS);
        ends.acknowledged(Topic.CONSENTS, 1, 41);
        ends.acknowledged(Topic.CONSENTS, 1, 12);
        ends.acknowledged(Topic.PURGES, 2, 0);
        assertThat(ends.end(Topic.CONSENTS, 1)).isEqualTo(42);
        assertThat(ends.end(Topic.PURGES, 2)).isOne();
        for (Topic topic : List.of(Topic.HANDOFFS, Topic.PLACES)) {
            assertThat(ends.end(topic, 1)).isZero();
        }
        assertThat(ends.end(Topic.CONSENTS, 0)).isZero();
    }

    @Test
    void nothing_is_known_of_a_topic_that_is_cut_or_of_a_partition_that_is_not_there() {
        AcknowledgedEnds ends = new AcknowledgedEnds(PARTITIONS);
        ends.acknowledged(Topic.SIGNUPS, 0, 5);
        ends.acknowledged(Topic.PLACES, PARTITIONS, 5);
        assertThat(ends.end(Topic.SIGNUPS, 0)).isZero();
        assertThat(ends.end(Topic.PLACES, PARTITIONS)).isZero();
    }

    @Test
    void processes_over_one_slot_file_know_of_each_other_and_one_that_starts_later_of_those_before()
            throws IOException {
        Path slots = directory.resolve("custody.slots");
        AcknowledgedEnds one = new AcknowledgedEnds(PARTITIONS);
        one.acknowledged(Topic.CONSENTS, 0, 9);
        one.keepBeside(slots, "log");
        AcknowledgedEnds two = new AcknowledgedEnds(PARTITIONS);
        two.acknowledged(Topic.CONSENTS, 0, 4);
        two.acknowledged(Topic.CONSENTS, 1, 4);
        two.keepBeside(slots, "log");
        two.acknowledged(Topic.HANDOFFS, 2, 7);
        for (AcknowledgedEnds each : List.of(one, two)) {
            assertThat(each.end(Topic.CONSENTS, 0)).isEqualTo(10);
            assertThat(each.end(Topic.CONSENTS, 1)).isEqualTo(5);
            assertThat(each.end(Topic.HANDOFFS, 2)).isEqualTo(8);
        }
        assertThat(Files.getPosixFilePermissions(directory.resolve("custody.slots.ends-log")))
                .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    }

    @Test
    void another_log_over_the_same_slot_file_begins_with_nothing() {
        Path slots = directory.resolve("custody.slots");
        AcknowledgedEnds one = new AcknowledgedEnds(PARTITIONS);
        one.keepBeside(slots, "log");
        one.acknowledged(Topic.CONSENTS, 0, 9);
        AcknowledgedEnds other = new AcknowledgedEnds(PARTITIONS);
        other.keepBeside(slots, "topics-made-anew");
        assertThat(other.end(Topic.CONSENTS, 0)).isZero();
    }

    @Test
    void nothing_that_is_acknowledged_while_the_file_comes_into_use_is_forgotten() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            for (int round = 0; round < 200; round++) {
                AcknowledgedEnds ends = new AcknowledgedEnds(PARTITIONS);
                CountDownLatch together = new CountDownLatch(1);
                List<Future<?>> acknowledging = new ArrayList<>();
                for (int partition = 0; partition < PARTITIONS; partition++) {
                    int own = partition;
                    acknowledging.add(threads.submit(() -> {
                        together.await();
                        for (int offset = 0; offset <= 50; offset++) {
                            ends.acknowledged(Topic.CONSENTS, own, offset);
                            assertThat(ends.end(Topic.CONSENTS, own)).isEqualTo(offset + 1);
                        }
                        return null;
                    }));
                }
                together.countDown();
                ends.keepBeside(directory.resolve("custody.slots"), "round-" + round);
                for (Future<?> each : acknowledging) {
                    each.get(30, TimeUnit.SECONDS);
                }
            }
        } finally {
            threads.shutdownNow();
        }
    }
}
