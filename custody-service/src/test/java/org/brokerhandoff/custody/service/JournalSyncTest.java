package org.brokerhandoff.custody.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class JournalSyncTest {
    @Test
    void those_that_ask_during_a_sync_share_the_next_one() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        AtomicInteger syncs = new AtomicInteger();
        try (JournalSync journal = new JournalSync()) {
            journal.with(() -> {
                syncs.incrementAndGet();
                begun.countDown();
                await(goOn);
            });
            var first = journal.synced().toCompletableFuture();
            await(begun);
            var second = journal.synced().toCompletableFuture();
            var third = journal.synced().toCompletableFuture();
            assertThat(second).isNotDone();
            goOn.countDown();
            assertThat(first).succeedsWithin(Duration.ofSeconds(10));
            assertThat(second).succeedsWithin(Duration.ofSeconds(10));
            assertThat(third).succeedsWithin(Duration.ofSeconds(10));
        }
        assertThat(syncs).hasValue(2);
    }

    @Test
    void a_sync_that_throws_fails_those_that_wait_for_it_and_no_later_one() {
        AtomicInteger syncs = new AtomicInteger();
        try (JournalSync journal = new JournalSync()) {
            journal.with(() -> {
                if (syncs.incrementAndGet() == 1) {
                    throw new IllegalStateException("a bug");
                }
            });
            assertThatThrownBy(() -> journal.synced().toCompletableFuture().get(10, TimeUnit.SECONDS))
                    .hasRootCauseMessage("a bug");
            assertThat(journal.synced().toCompletableFuture()).succeedsWithin(Duration.ofSeconds(10));
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
