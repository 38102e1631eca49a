package org.brokerhandoff.custody.cells.cell;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TurnsTest {
    private final Turns turns = new Turns();
    private final List<Integer> started = new ArrayList<>();

    @Test
    void so_many_are_under_way_and_the_others_begin_in_their_order_as_those_end() {
        for (int i = 0; i < Turns.MOST + 3; i++) {
            int number = i;
            turns.enter(() -> started.add(number));
        }
        assertThat(started).hasSize(Turns.MOST);
        turns.left();
        assertThat(started).hasSize(Turns.MOST + 1).last().isEqualTo(Turns.MOST);
        turns.left();
        turns.left();
        turns.left();
        assertThat(started).hasSize(Turns.MOST + 3).doesNotHaveDuplicates();
    }

    @Test
    void those_that_end_while_they_begin_do_not_nest() {
        for (int i = 0; i < Turns.MOST; i++) {
            turns.enter(() -> {});
        }
        for (int i = 0; i < 100_000; i++) {
            int number = i;
            turns.enter(() -> {
                started.add(number);
                turns.left();
            });
        }
        assertThat(started).isEmpty();
        turns.left();
        assertThat(started).hasSize(100_000).isSorted();
    }
}
