package org.brokerhandoff.custody.cells.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.function.Predicate;
import org.brokerhandoff.custody.cells.rules.RepairModel.Faults;
import org.brokerhandoff.custody.cells.rules.RepairModel.Guard;
import org.brokerhandoff.custody.cells.rules.RepairModel.World;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every interleaving of an erasure, repairs, restarts, cut-off cells, lost locks and stalls of any length. */
class RepairModelTest {
    private static final RepairModel DESIGN = new RepairModel(EnumSet.allOf(Guard.class));

    private static boolean twoAlive(World world) {
        return world.confirmed() && world.alive() > 1;
    }

    private static RepairModel without(Guard guard) {
        return new RepairModel(EnumSet.complementOf(EnumSet.of(guard)));
    }

    private static List<Faults> faults(int total) {
        List<Faults> all = new ArrayList<>();
        for (int restarts = 0; restarts <= total; restarts++) {
            for (int cuts = 0; restarts + cuts <= total; cuts++) {
                all.add(new Faults(restarts, cuts, total - restarts - cuts));
            }
        }
        return all;
    }

    static List<Faults> twoFaults() {
        return faults(2);
    }

    static List<Faults> threeFaults() {
        return faults(3);
    }

    @ParameterizedTest
    @MethodSource("twoFaults")
    void after_a_confirmed_destruction_no_two_shares_are_alive_whatever_two_faults_happen(Faults faults) {
        assertThat(DESIGN.explore(faults, RepairModelTest::twoAlive).wayToBad()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("twoFaults")
    void once_all_have_done_their_work_and_all_cells_are_back_no_share_is_alive(Faults faults) {
        Predicate<World> left = world ->
                world.confirmed() && world.alive() > 0 && world.cut().equals(CellSet.NONE) && DESIGN.atRest(world);
        assertThat(DESIGN.explore(faults, left).wayToBad()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("threeFaults")
    void three_faults_bring_no_two_shares_back_that_stay(Faults faults) {
        assertThat(DESIGN.explore(faults, world -> twoAlive(world) && DESIGN.atRest(world))
                        .wayToBad())
                .isEmpty();
    }

    @Test
    void what_the_model_shows_is_not_empty_destructions_are_confirmed_and_repairs_succeed_fail_and_are_withdrawn() {
        Faults three = new Faults(1, 1, 1);
        assertThat(DESIGN.explore(three, world -> false).worlds()).isGreaterThan(5_000);
        for (Repair.Outcome outcome : List.of(
                Repair.Outcome.REPAIRED, Repair.Outcome.NOT_LIVE, Repair.Outcome.LATER, Repair.Outcome.WITHDRAWN)) {
            assertThat(DESIGN.explore(three, world -> world.confirmed() && ended(world, outcome))
                            .wayToBad())
                    .as("a way to %s", outcome)
                    .isNotEmpty();
        }
        assertThat(DESIGN.explore(new Faults(2, 0, 0), world -> ended(world, Repair.Outcome.LOST))
                        .wayToBad())
                .as("two cells restart before either is repaired")
                .isNotEmpty();
        assertThat(DESIGN.explore(three, RepairModelTest::twoAlive).wayToBad())
                .as("three faults do bring two shares back, until the second look")
                .isNotEmpty();
    }

    private static boolean ended(World world, Repair.Outcome outcome) {
        return world.repairers().stream()
                .anyMatch(at -> at.filter(repairer -> repairer.repair().equals(new Repair.Ended(outcome)))
                        .isPresent());
    }

    @Test
    void without_the_row_lock_a_restart_and_a_cell_that_is_away_bring_two_shares_back() {
        Faults restartAndCut = new Faults(1, 1, 0);
        assertThat(DESIGN.explore(restartAndCut, RepairModelTest::twoAlive).wayToBad())
                .isEmpty();
        assertThat(without(Guard.ROW_LOCK)
                        .explore(restartAndCut, RepairModelTest::twoAlive)
                        .wayToBad())
                .isNotEmpty();
    }

    @Test
    void where_only_two_cells_are_told_to_forget_a_restart_and_a_lost_lock_bring_two_shares_back() {
        Faults restartAndLostLock = new Faults(1, 0, 1);
        assertThat(DESIGN.explore(restartAndLostLock, RepairModelTest::twoAlive).wayToBad())
                .isEmpty();
        assertThat(without(Guard.EVERY_REACHABLE_CELL)
                        .explore(restartAndLostLock, RepairModelTest::twoAlive)
                        .wayToBad())
                .isNotEmpty();
    }

    @Test
    void without_the_second_look_a_share_that_a_stalled_repairer_brought_stays() {
        RepairModel blind = without(Guard.SECOND_LOOK);
        assertThat(blind.explore(new Faults(1, 1, 1), world -> twoAlive(world) && blind.atRest(world))
                        .wayToBad())
                .isNotEmpty();
        Predicate<World> left =
                world -> world.confirmed() && world.alive() > 0 && world.cut().equals(CellSet.NONE);
        Faults two = new Faults(1, 0, 1);
        assertThat(blind.explore(two, world -> left.test(world) && blind.atRest(world))
                        .wayToBad())
                .isNotEmpty();
        assertThat(DESIGN.explore(two, world -> left.test(world) && DESIGN.atRest(world))
                        .wayToBad())
                .isEmpty();
    }
}
