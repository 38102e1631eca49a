package org.brokerhandoff.register.feed;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.brokerhandoff.register.LogPartition;
import org.brokerhandoff.schemas.Topic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FeedPositionTest {
    private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");

    private static FeedPosition position(int partitions, long most) {
        Random random = new Random(7);
        Map<LogPartition, Long> next = new HashMap<>();
        for (Topic topic : FeedRules.TOPICS) {
            for (int number = 0; number < partitions; number++) {
                next.put(new LogPartition(topic, number), random.nextLong(most));
            }
        }
        return new FeedPosition(next, NOON);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 127, 128, 129, 16_384, 1L << 40, Long.MAX_VALUE})
    void a_position_comes_back_as_it_was(long most) {
        for (int partitions : new int[] {1, 3, 12, 64}) {
            FeedPosition position = position(partitions, most);
            String text = position.encode(partitions);

            assertThat(text).matches("[A-Za-z0-9_-]+");
            assertThat(FeedPosition.decode(text, partitions)).hasValue(position);
            assertThat(FeedPosition.decode(text, partitions + 1)).isEmpty();
        }
    }

    @Test
    void a_position_of_many_partitions_still_fits_into_the_first_line_of_a_request() {
        assertThat(position(64, 1L << 40).encode(64)).hasSizeLessThan(FeedPosition.MOST_CHARACTERS);
    }

    @Test
    void what_was_cut_or_changed_by_mistake_is_no_position() {
        String text = position(3, 1_000_000).encode(3);
        for (int length = 0; length < text.length(); length++) {
            assertThat(FeedPosition.decode(text.substring(0, length), 3)).isEmpty();
        }
        for (int at = 0; at < text.length(); at++) {
            char other = text.charAt(at) == 'A' ? 'B' : 'A';
            assertThat(FeedPosition.decode(text.substring(0, at) + other + text.substring(at + 1), 3))
                    .isEmpty();
        }
        assertThat(FeedPosition.decode(text + "A", 3)).isEmpty();
        assertThat(FeedPosition.decode(text + "==", 3)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0", "42", "å", "%00", "AQ", "AAAAAAAA", "AQMAAAAAAAA", "../../etc/passwd", "null"})
    void a_guess_is_no_position(String text) {
        assertThat(FeedPosition.decode(text, 3)).isEmpty();
    }

    @Test
    void what_is_too_long_is_not_looked_at() {
        assertThat(FeedPosition.decode("A".repeat(1_000_000), 3)).isEmpty();
    }
}
