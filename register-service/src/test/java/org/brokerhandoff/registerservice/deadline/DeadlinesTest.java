package org.brokerhandoff.registerservice.deadline;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.brokerhandoff.event.RightsType;
import org.brokerhandoff.register.OpenRightsRequest;
import org.junit.jupiter.api.Test;

class DeadlinesTest {
    private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");

    private static List<OpenRightsRequest> dueIn(Duration... times) {
        return Stream.of(times)
                .map(time -> new OpenRightsRequest(
                        new UUID(0, 1), new UUID(0, 2), RightsType.OBJECTION, NOW, NOW.plus(time)))
                .toList();
    }

    private static String health(Duration... times) {
        return Deadlines.of(dueIn(times), 0, NOW).health().toString();
    }

    @Test
    void a_request_shows_from_seven_days_before_its_deadline_on_and_as_overdue_from_the_deadline_on() {
        assertThat(health(Duration.ofDays(30))).doesNotContain("rights-requests");
        assertThat(health(Duration.ofDays(7).plusMillis(1))).doesNotContain("rights-requests");
        assertThat(health(Duration.ofDays(7))).contains("rights-requests-due").contains("2026-11-29T12:00:00Z");
        assertThat(health(Duration.ofMillis(1))).contains("rights-requests-due");
        assertThat(health(Duration.ZERO)).contains("rights-requests-overdue");
        assertThat(health(Duration.ofDays(30), Duration.ofDays(-1))).contains("rights-requests-overdue");
    }

    @Test
    void all_are_counted_and_the_next_deadline_is_of_one_that_is_not_overdue() {
        assertThat(Deadlines.of(
                        dueIn(Duration.ofDays(-2), Duration.ofDays(20), Duration.ofDays(3), Duration.ofDays(6)),
                        0,
                        NOW))
                .isEqualTo(new Deadlines(4, 2, 1, Optional.of(NOW.plus(Duration.ofDays(3))), 0));
        assertThat(Deadlines.of(List.of(), 0, NOW)).isEqualTo(Deadlines.NONE);
    }

    @Test
    void an_overdue_purge_shows_before_any_request() {
        assertThat(Deadlines.of(dueIn(Duration.ofDays(-1)), 2, NOW).health().toString())
                .contains("purges-overdue")
                .contains("2");
    }
}
