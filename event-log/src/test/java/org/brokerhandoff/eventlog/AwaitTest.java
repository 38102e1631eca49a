package org.brokerhandoff.eventlog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.brokerhandoff.schemas.Topic;
import org.junit.jupiter.api.Test;

class AwaitTest {
    private final AtomicInteger published = new AtomicInteger();

    /** Fails at once, as a non-blocking publisher does without a known leader. */
    private Supplier<CompletionStage<?>> refusing(int times) {
        return () -> published.incrementAndGet() <= times
                ? CompletableFuture.failedFuture(new PublicationFailed(Topic.PURGES, "TimeoutException"))
                : CompletableFuture.completedFuture(null);
    }

    @Test
    void what_is_refused_at_once_is_published_again_until_it_is_acknowledged() {
        Await.published(refusing(3), Duration.ofSeconds(20));
        assertThat(published).hasValue(4);
    }

    @Test
    void what_is_acknowledged_is_published_once() {
        Await.published(refusing(0), Duration.ZERO);
        assertThat(published).hasValue(1);
    }

    @Test
    void what_is_not_acknowledged_in_time_is_reported_without_content() {
        assertThatThrownBy(() -> Await.published(refusing(Integer.MAX_VALUE), Duration.ofMillis(150)))
                .isInstanceOf(EventLogUnavailable.class)
                .hasMessage("an event of the startup is not acknowledged: TimeoutException");
        assertThat(published.get()).isGreaterThan(1);
    }
}
