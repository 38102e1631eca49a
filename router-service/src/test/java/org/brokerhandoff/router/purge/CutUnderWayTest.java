package org.brokerhandoff.router.purge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.brokerhandoff.event.PurgeLevel;
import org.brokerhandoff.event.SealedTopic;
import org.brokerhandoff.router.purge.CompletionTracker.Finish;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A partition that goes while Kafka is asked to delete records of it. */
class CutUnderWayTest {
    private static final int PARTITION = 2;
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2026-11-28T12:00:00Z"));

    private final Cutter cutter = new Cutter();
    private final TopicCuts cuts = new TopicCuts(
            SealedTopic.SIGNUPS,
            cutter,
            new PurgePlanner(Duration.ofMinutes(1), Duration.ofSeconds(1), PurgeLevel.ERASED, Duration.ZERO));
    private final CompletionTracker tracker = new CompletionTracker(0);

    /** Kafka, which answers when it is told to. */
    private static final class Cutter implements LogCutter {
        final CountDownLatch asked = new CountDownLatch(1);
        final CountDownLatch answers = new CountDownLatch(1);
        final List<Map<Integer, Long>> cuts = new ArrayList<>();
        volatile boolean fails;

        @Override
        public Set<Integer> cut(Map<Integer, Long> offsets) {
            cuts.add(Map.copyOf(offsets));
            asked.countDown();
            try {
                assertThat(answers.await(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return fails ? Set.of() : offsets.keySet();
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
            return Duration.ofMinutes(1);
        }
    }

    private void finish(long offset) {
        tracker.complete(offset, Finish.ended(UUID.randomUUID()));
        tracker.unaccounted().ifPresent(tracker::accounted);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void it_is_given_up_only_when_the_cut_is_answered_and_what_ends_later_is_not_cut(boolean fails) throws Exception {
        cutter.fails = fails;
        for (long offset = 0; offset < 5; offset++) {
            tracker.begin(offset);
        }
        for (long offset = 0; offset < 3; offset++) {
            finish(offset);
        }
        cuts.assigned(PARTITION, tracker);
        CompletableFuture<Void> cutting = CompletableFuture.runAsync(() -> cuts.cut(CLOCK));
        assertThat(cutter.asked.await(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
        Thread consumer = new Thread(() -> cuts.revoked(PARTITION), "test-consumer");
        consumer.start();
        await().atMost(LIMIT).until(() -> consumer.getState() == Thread.State.TIMED_WAITING);
        // A handoff that ends between the two, as one may that does not know yet that the partition is gone.
        finish(3);
        assertThat(consumer.isAlive()).isTrue();

        cutter.answers.countDown();
        consumer.join(LIMIT.toMillis());
        assertThat(consumer.isAlive()).isFalse();
        assertThat(cutting.handle((done, failure) -> failure != null).get(10, TimeUnit.SECONDS))
                .isEqualTo(fails);
        finish(4);
        cuts.cut(CLOCK);
        cuts.mark(CLOCK.instant());
        assertThat(cutter.cuts).containsExactly(Map.of(PARTITION, 3L));
        assertThat(cuts.state(PARTITION)).isEqualTo(PartitionPurge.NONE);
        assertThat(cuts.consumed(PARTITION)).isEqualTo(OptionalLong.empty());
    }

    @Test
    void the_next_time_it_comes_nothing_is_known_of_the_cut_and_it_is_made_again() throws Exception {
        tracker.begin(0);
        finish(0);
        cuts.assigned(PARTITION, tracker);
        CompletableFuture<Void> cutting = CompletableFuture.runAsync(() -> cuts.cut(CLOCK));
        assertThat(cutter.asked.await(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
        CompletableFuture<Void> moving = CompletableFuture.runAsync(() -> {
            cuts.revoked(PARTITION);
            cuts.assigned(PARTITION, tracker);
        });
        cutter.answers.countDown();
        moving.get(10, TimeUnit.SECONDS);
        cutting.get(10, TimeUnit.SECONDS);
        assertThat(cuts.state(PARTITION)).isEqualTo(PartitionPurge.NONE);
        cuts.cut(CLOCK);
        assertThat(cutter.cuts).containsExactly(Map.of(PARTITION, 1L), Map.of(PARTITION, 1L));
    }
}
