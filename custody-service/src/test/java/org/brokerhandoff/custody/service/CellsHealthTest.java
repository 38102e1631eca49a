package org.brokerhandoff.custody.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.brokerhandoff.operations.health.Health;
import org.junit.jupiter.api.Test;

class CellsHealthTest {
    private static final CellState FIT = new CellState.Fit("a".repeat(40), Optional.empty());
    private static final CellState AWAY = new CellState.Away();
    private static final CellState UNFIT = new CellState.Unfit(List.of("save: 3600 1"));

    private static Health of(CellState... cells) {
        return CellsHealth.of(Optional.empty(), List.of(cells), false);
    }

    @Test
    void three_fit_cells_and_a_database_that_answers_are_well() {
        assertThat(of(FIT, FIT, FIT)).isEqualTo(Health.healthy());
    }

    @Test
    void one_cell_that_is_away_impairs_custody_and_two_keep_it_from_its_work() {
        assertThat(of(FIT, AWAY, FIT))
                .isEqualTo(Health.impaired("custody-cell-away", "cell 1 is away; two of three are enough"));
        assertThat(of(FIT, AWAY, UNFIT))
                .isEqualTo(Health.unhealthy(
                        "custody-cells-away",
                        "cell 1 is away; cell 2 is not fit: save: 3600 1; two of three are needed"));
    }

    @Test
    void a_sweep_that_failed_is_told_of_only_where_nothing_explains_it() {
        assertThat(CellsHealth.of(Optional.empty(), List.of(FIT, FIT, FIT), true))
                .isInstanceOf(Health.Impaired.class);
        assertThat(CellsHealth.of(Optional.empty(), List.of(AWAY, FIT, FIT), true))
                .isEqualTo(of(AWAY, FIT, FIT));
    }

    @Test
    void a_database_that_is_not_fit_or_away_comes_first() {
        assertThat(CellsHealth.of(
                        Optional.of("the database of custody does not answer"), List.of(AWAY, AWAY, AWAY), true))
                .isEqualTo(Health.unhealthy("custody-database", "the database of custody does not answer"));
    }
}
