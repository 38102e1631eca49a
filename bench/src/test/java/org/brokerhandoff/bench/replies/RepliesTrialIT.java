package org.brokerhandoff.bench.replies;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The short form of {@code ./handoff bench replies}. */
class RepliesTrialIT {
    @ParameterizedTest
    @ValueSource(longs = {1, 2})
    void no_reply_counts_for_another_request_and_none_takes_longer_than_its_limit(long seed) throws Exception {
        RepliesOutcome outcome = new RepliesTrial(600, 32, Duration.ofSeconds(1), seed).run();
        assertThat(outcome.foreign()).isEmpty();
        assertThat(outcome.late()).isZero();
        assertThat(outcome.answered() + outcome.noReply() + outcome.notSent()).isEqualTo(600);
        assertThat(outcome.honest().accepted()).isGreaterThan(outcome.honest().requests() / 2);
        assertThat(outcome.honestStreams().accepted()).isPositive();
        assertThat(outcome.held()).isTrue();
    }
}
