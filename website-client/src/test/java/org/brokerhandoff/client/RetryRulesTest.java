package org.brokerhandoff.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RetryRulesTest {
    private static final RetryRules RULES =
            new RetryRules(Duration.ofMillis(300), Duration.ofSeconds(60), Duration.ofMinutes(5));

    private static RetryRules.Step next(int status, Optional<Duration> retryAfter, int attempts, Duration elapsed) {
        return RULES.next(status, retryAfter, attempts, elapsed, 1.0);
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 201, 202, 302, 400, 401, 403, 404, 409, 413, 422, 501, 505})
    void an_answer_that_a_repeat_would_not_change_is_the_answer(int status) {
        assertThat(next(status, Optional.empty(), 1, Duration.ZERO)).isEqualTo(new RetryRules.Step.Answered());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 408, 429, 500, 502, 503, 504})
    void without_an_answer_or_with_one_that_may_change_the_same_is_sent_again(int status) {
        assertThat(next(status, Optional.empty(), 1, Duration.ZERO))
                .isEqualTo(new RetryRules.Step.Again(Duration.ofMillis(300)));
    }

    @Test
    void pauses_double_up_to_the_longest_and_are_chosen_at_random_below() {
        assertThat(next(503, Optional.empty(), 4, Duration.ZERO))
                .isEqualTo(new RetryRules.Step.Again(Duration.ofMillis(2400)));
        assertThat(next(503, Optional.empty(), 1000, Duration.ZERO))
                .isEqualTo(new RetryRules.Step.Again(Duration.ofSeconds(60)));
        assertThat(RULES.next(503, Optional.empty(), 4, Duration.ZERO, 0.5))
                .isEqualTo(new RetryRules.Step.Again(Duration.ofMillis(1200)));
    }

    @Test
    void retry_after_is_kept_also_where_it_is_longer_than_any_pause() {
        assertThat(next(503, Optional.of(Duration.ofSeconds(90)), 1, Duration.ZERO))
                .isEqualTo(new RetryRules.Step.Again(Duration.ofSeconds(90)));
    }

    @Test
    void no_attempt_begins_after_the_limit() {
        assertThat(next(503, Optional.of(Duration.ofSeconds(10)), 1, Duration.ofSeconds(290)))
                .isEqualTo(new RetryRules.Step.Again(Duration.ofSeconds(10)));
        assertThat(next(503, Optional.of(Duration.ofSeconds(11)), 1, Duration.ofSeconds(290)))
                .isEqualTo(new RetryRules.Step.GivenUp());
    }

    @Test
    void retry_after_is_seconds_or_a_date_and_anything_else_is_nothing() {
        Instant now = Instant.parse("2026-11-22T13:00:00Z");
        assertThat(RetryRules.retryAfter("30", now)).contains(Duration.ofSeconds(30));
        assertThat(RetryRules.retryAfter("Sun, 22 Nov 2026 13:00:05 GMT", now)).contains(Duration.ofSeconds(5));
        assertThat(RetryRules.retryAfter("Sun, 22 Nov 2026 12:00:05 GMT", now)).isEmpty();
        assertThat(RetryRules.retryAfter("-1", now)).isEmpty();
        assertThat(RetryRules.retryAfter("soon", now)).isEmpty();
    }
}
