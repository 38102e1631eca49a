package org.brokerhandoff.registerservice.feed;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.brokerhandoff.router.deliver.WebhookReply;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FeedReplyRulesTest {
    private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");

    private static FeedStep step(int status, Optional<String> retryAfter, int failures, double random) {
        return FeedReplyRules.step(new WebhookReply.Answered(status, retryAfter), failures, NOON, random);
    }

    @Test
    void only_a_success_counts_as_told_only_410_stops_and_all_else_is_sent_again() {
        for (int status = 100; status < 600; status++) {
            FeedStep step = step(status, Optional.empty(), 1, 0.5);
            if (status / 100 == 2) {
                assertThat(step).isEqualTo(new FeedStep.Told());
            } else if (status == 410) {
                assertThat(step).isEqualTo(new FeedStep.Stop());
            } else {
                assertThat(step).describedAs("%s", status).isEqualTo(new FeedStep.Again(Duration.ofMillis(500), false));
            }
        }
        assertThat(FeedReplyRules.step(new WebhookReply.NoAnswer(), 1, NOON, 0.5))
                .isEqualTo(new FeedStep.Again(Duration.ofMillis(500), false));
    }

    @Test
    void the_wait_doubles_up_to_five_minutes_with_full_jitter() {
        for (int failures = 1; failures < 40; failures++) {
            long longest = failures > 9 ? 300_000 : Math.min(300_000, 1_000L << (failures - 1));
            assertThat(step(503, Optional.empty(), failures, 0.999_999_999))
                    .isEqualTo(new FeedStep.Again(Duration.ofMillis(longest), false));
            assertThat(step(503, Optional.empty(), failures, 0)).isEqualTo(new FeedStep.Again(Duration.ZERO, false));
        }
    }

    @ParameterizedTest
    @CsvSource({"7, 7", "86400, 86400", "99999999, 86400", "nonsense, 0", "-5, 0", "'Sun, 22 Nov 2026 12:01:00 GMT', 60"
    })
    void retry_after_is_kept_for_a_day_at_most(String header, long seconds) {
        for (int status : new int[] {429, 503, 500, 301}) {
            assertThat(step(status, Optional.of(header), 1, 0))
                    .isEqualTo(new FeedStep.Again(Duration.ofSeconds(seconds), seconds > 0));
        }
        assertThat(step(204, Optional.of(header), 1, 0)).isEqualTo(new FeedStep.Told());
    }
}
