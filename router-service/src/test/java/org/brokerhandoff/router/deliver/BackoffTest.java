package org.brokerhandoff.router.deliver;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BackoffTest {
    private static final Backoff BACKOFF = new Backoff(Duration.ofMillis(200), Duration.ofMinutes(1));

    @Test
    void the_longest_wait_doubles_up_to_the_maximum() {
        double almostOne = Math.nextDown(1.0);
        assertThat(BACKOFF.delay(1, Optional.empty(), almostOne)).isEqualTo(Duration.ofMillis(200));
        assertThat(BACKOFF.delay(2, Optional.empty(), almostOne)).isEqualTo(Duration.ofMillis(400));
        assertThat(BACKOFF.delay(9, Optional.empty(), almostOne)).isEqualTo(Duration.ofMillis(51_200));
        assertThat(BACKOFF.delay(10, Optional.empty(), almostOne)).isEqualTo(Duration.ofMinutes(1));
        assertThat(BACKOFF.delay(255, Optional.empty(), almostOne)).isEqualTo(Duration.ofMinutes(1));
    }

    @Test
    void every_wait_is_within_its_bounds_and_never_shorter_than_the_broker_asked_for() {
        Random random = new Random(8);
        for (int i = 0; i < 50_000; i++) {
            int attempts = 1 + random.nextInt(255);
            Optional<Duration> wish = random.nextBoolean()
                    ? Optional.empty()
                    : Optional.of(Duration.ofSeconds(random.nextInt(1_000_000_000)));
            Duration delay = BACKOFF.delay(attempts, wish, random.nextDouble());
            Duration least = wish.orElse(Duration.ZERO);
            assertThat(delay).isBetween(least, least.plus(Duration.ofMinutes(1)));
        }
    }

    @Test
    void jitter_is_full() {
        assertThat(BACKOFF.delay(5, Optional.empty(), 0)).isZero();
        assertThat(BACKOFF.delay(5, Optional.empty(), 0.5)).isEqualTo(Duration.ofMillis(1_600));
    }
}
