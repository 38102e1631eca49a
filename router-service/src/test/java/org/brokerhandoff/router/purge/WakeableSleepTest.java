package org.brokerhandoff.router.purge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class WakeableSleepTest {
    private static final Duration LONG = Duration.ofMinutes(10);

    private final WakeableSleep sleep = new WakeableSleep();

    private CompletableFuture<Duration> sleeping(Duration deaf, Duration longest) {
        CompletableFuture<Duration> slept = new CompletableFuture<>();
        Thread thread = new Thread(
                () -> {
                    long begin = System.nanoTime();
                    sleep.sleep(deaf, longest);
                    slept.complete(Duration.ofNanos(System.nanoTime() - begin));
                },
                "test-sleeper");
        thread.start();
        await().until(() -> thread.getState() == Thread.State.TIMED_WAITING || slept.isDone());
        return slept;
    }

    @Test
    void news_end_it_those_that_came_before_it_too_and_only_once() throws Exception {
        CompletableFuture<Duration> slept = sleeping(Duration.ZERO, LONG);
        sleep.wake();
        assertThat(slept.get(20, TimeUnit.SECONDS)).isLessThan(LONG);
        sleep.forgetNews();
        sleep.wake();
        sleep.sleep(Duration.ZERO, LONG);
        sleep.forgetNews();
        CompletableFuture<Duration> next = sleeping(Duration.ZERO, Duration.ofMillis(300));
        assertThat(next.get(20, TimeUnit.SECONDS)).isGreaterThanOrEqualTo(Duration.ofMillis(300));
    }

    @Test
    void while_it_is_deaf_news_wait_and_the_limit_holds_all_the_same() throws Exception {
        CompletableFuture<Duration> slept = sleeping(Duration.ofMillis(400), LONG);
        sleep.wake();
        sleep.wake();
        assertThat(slept.get(20, TimeUnit.SECONDS)).isBetween(Duration.ofMillis(400), Duration.ofSeconds(20));
        assertThat(sleeping(LONG, Duration.ofMillis(200)).get(20, TimeUnit.SECONDS))
                .isGreaterThanOrEqualTo(Duration.ofMillis(200));
    }

    @Test
    void the_end_ends_it_deaf_or_not_and_every_later_one() {
        for (Duration deaf : new Duration[] {Duration.ZERO, LONG}) {
            WakeableSleep each = new WakeableSleep();
            Thread thread = new Thread(() -> each.sleep(deaf, LONG), "test-sleeper");
            thread.start();
            await().until(() -> thread.getState() == Thread.State.TIMED_WAITING);
            each.end(thread);
            await().until(() -> !thread.isAlive());
            each.sleep(deaf, LONG);
            assertThat(each.ended()).isTrue();
        }
    }

    @Test
    void an_interruption_ends_it_for_good_and_stays() {
        Thread.currentThread().interrupt();
        sleep.sleep(LONG, LONG);
        assertThat(Thread.interrupted()).isTrue();
        assertThat(sleep.ended()).isTrue();
    }

    /** News is seen even if the sleeper was just about to sleep. */
    @Test
    void no_news_are_lost() throws Exception {
        AtomicInteger told = new AtomicInteger();
        AtomicInteger seen = new AtomicInteger();
        Thread sleeper = new Thread(
                () -> {
                    while (seen.get() < 20_000) {
                        sleep.forgetNews();
                        seen.set(told.get());
                        if (seen.get() < 20_000) {
                            sleep.sleep(Duration.ZERO, LONG);
                        }
                    }
                },
                "test-sleeper");
        sleeper.start();
        for (int i = 1; i <= 20_000; i++) {
            told.set(i);
            sleep.wake();
        }
        sleeper.join(30_000);
        assertThat(seen).hasValue(20_000);
    }
}
