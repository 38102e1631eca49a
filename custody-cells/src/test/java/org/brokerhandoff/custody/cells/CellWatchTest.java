package org.brokerhandoff.custody.cells;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.brokerhandoff.custody.cells.fitness.CellFacts;
import org.junit.jupiter.api.Test;

class CellWatchTest {
    private static final Instant NOW = Instant.parse("2026-11-30T03:00:00Z");

    private final CellWatch watch = new CellWatch();

    @Test
    void each_cell_is_due_at_the_start_and_once_a_minute() {
        assertThat(watch.take(NOW)).containsExactly(0, 1, 2);
        assertThat(watch.take(NOW.plusSeconds(59))).isEmpty();
        assertThat(watch.take(NOW.plusSeconds(60))).containsExactly(0, 1, 2);
    }

    @Test
    void a_cell_that_is_back_is_due_at_once_and_one_that_is_gone_is_not() {
        assertThat(watch.take(NOW)).hasSize(3);
        watch.lost(1);
        assertThat(watch.take(NOW.plusSeconds(1))).isEmpty();
        watch.examined(
                1, false, new CellFacts(Map.of(), Map.of(), List.of(), "", false, List.of(), Duration.ZERO), List.of());
        assertThat(watch.take(NOW.plusSeconds(1))).containsExactly(1);
        watch.again(2);
        assertThat(watch.take(NOW.plusSeconds(2))).containsExactly(2);
        assertThat(watch.take(NOW.plusSeconds(3))).isEmpty();
    }

    @Test
    void a_clock_that_was_set_back_puts_nothing_off() {
        assertThat(watch.take(NOW)).hasSize(3);
        assertThat(watch.take(NOW.minusSeconds(3600))).containsExactly(0, 1, 2);
    }
}
