package org.brokerhandoff.router.domain;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What is known of the attempts at a signup. */
class AttemptsTest {
    private static final Instant NOW = Instant.parse("2026-11-22T13:00:00Z");

    @Test
    void attempts_of_which_nothing_was_sent_are_settled_up_to_the_first_of_which_something_was() {
        Attempts attempts = Attempts.NONE.with(1, NOW, false).with(2, NOW, false);
        assertThat(attempts.settled()).isEqualTo(2);
        assertThat(attempts.with(3, NOW, true).with(4, NOW, false).settled()).isEqualTo(2);
        assertThat(attempts.with(4, NOW, false).settled()).isEqualTo(2);
        assertThat(attempts.with(4, NOW, false).with(3, NOW, false).settled()).isEqualTo(4);
    }

    @Test
    void what_a_broker_refused_settles_all_before_it() {
        Attempts attempts = Attempts.NONE.with(1, NOW, true).with(2, NOW, true).settledTo(3);
        assertThat(attempts.settled()).isEqualTo(3);
        assertThat(attempts.with(4, NOW, false).settled()).isEqualTo(4);
    }

    @Test
    void the_end_of_the_last_attempt_never_goes_back() {
        Attempts attempts = Attempts.NONE.with(2, NOW, true);
        assertThat(attempts.with(1, NOW.plusSeconds(5), true).lastEndedAt()).contains(NOW);
        assertThat(attempts.with(3, NOW.minusSeconds(5), true).lastEndedAt()).contains(NOW);
        assertThat(attempts.with(3, NOW.plusSeconds(5), true).lastEndedAt()).contains(NOW.plusSeconds(5));
    }

    /** However the log is divided between a parked copy and what is read after it, no more is settled than there was. */
    @Test
    void a_log_in_two_parts_settles_at_most_what_it_settles_in_one() {
        Random random = new Random(8);
        for (int run = 0; run < 5_000; run++) {
            List<Integer> numbers = new ArrayList<>();
            for (int number = 1; number <= 6; number++) {
                numbers.add(number);
            }
            if (random.nextBoolean()) {
                Collections.shuffle(numbers, random);
            }
            boolean[] sent = new boolean[7];
            for (int number = 1; number < 7; number++) {
                sent[number] = random.nextInt(4) == 0;
            }
            int cut = random.nextInt(7);
            Attempts whole = of(numbers, sent);
            Attempts copy = of(numbers.subList(0, cut), sent);
            Attempts read = new Attempts(copy.settled(), Set.of(), copy.last(), copy.lastEndedAt())
                    .followedBy(of(numbers.subList(cut, 6), sent));
            int first = 1;
            while (first < 7 && !sent[first]) {
                first++;
            }
            assertThat(whole.settled()).isEqualTo(first - 1);
            assertThat(read.settled()).isLessThanOrEqualTo(whole.settled());
            assertThat(read.last()).isEqualTo(whole.last());
            assertThat(read.lastEndedAt()).isEqualTo(Optional.of(NOW));
        }
    }

    private static Attempts of(List<Integer> numbers, boolean[] sent) {
        Attempts attempts = Attempts.NONE;
        for (int number : numbers) {
            attempts = attempts.with(number, NOW, sent[number]);
        }
        return attempts;
    }
}
