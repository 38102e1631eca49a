package org.brokerhandoff.custody.cells.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

/** The orders in which keys are brought to the cells, destroyed on them and repaired. */
class OrderTest {
    @Test
    void a_row_is_written_when_all_three_puts_have_ended_and_two_were_taken() {
        assertThat(Deposit.BEGINNING.next()).isEqualTo(new Deposit.Step.Put(CellSet.ALL));
        Deposit two = Deposit.BEGINNING.taken(0).taken(2);
        assertThat(two.next()).as("the third is still under way").isEqualTo(new Deposit.Step.Put(CellSet.of(1)));
        assertThat(two.failed(1).next()).isEqualTo(new Deposit.Step.WriteRow());
        assertThat(two.taken(1).next()).isEqualTo(new Deposit.Step.WriteRow());
        assertThat(Deposit.BEGINNING.failed(0).taken(2).failed(1).next()).isEqualTo(new Deposit.Step.GiveUp());
    }

    @Test
    void a_destruction_is_confirmed_when_all_three_cells_have_ended_and_two_say_zero() {
        assertThat(Destruction.BEGINNING.next()).isEqualTo(new Destruction.Step.Destroy(CellSet.ALL));
        Destruction two = Destruction.BEGINNING.zero(1).zero(2);
        assertThat(two.next()).as("the third may be reached").isEqualTo(new Destruction.Step.Destroy(CellSet.of(0)));
        assertThat(two.failed(0).next()).isEqualTo(new Destruction.Step.Confirm(new CellSet(0b110)));
        assertThat(two.zero(0).next()).isEqualTo(new Destruction.Step.Confirm(CellSet.ALL));
        assertThat(Destruction.BEGINNING.failed(0).failed(1).zero(2).next())
                .isEqualTo(new Destruction.Step.Incomplete(CellSet.of(2)));
    }

    @Test
    void a_key_of_which_one_share_is_left_is_lost_unless_a_cell_may_still_answer() {
        Repair.Reading reading = new Repair.Reading();
        assertThat(reading.read(CellContent.SHARE, CellContent.SHARE)).isEqualTo(new Repair.Ready());
        for (CellContent gone : new CellContent[] {CellContent.NOTHING, CellContent.ZEROS}) {
            assertThat(reading.read(CellContent.SHARE, gone)).isEqualTo(new Repair.Ended(Repair.Outcome.LOST));
            assertThat(reading.read(gone, CellContent.SHARE)).isEqualTo(new Repair.Ended(Repair.Outcome.LOST));
            assertThat(reading.read(gone, CellContent.UNKNOWN)).isEqualTo(new Repair.Ended(Repair.Outcome.LATER));
        }
        assertThat(reading.read(CellContent.UNKNOWN, CellContent.SHARE))
                .isEqualTo(new Repair.Ended(Repair.Outcome.LATER));
    }

    @Test
    void a_set_of_cells_knows_its_members() {
        CellSet two = CellSet.of(0).with(2);
        assertThat(two.cells()).containsExactly(0, 2);
        assertThat(two.others()).isEqualTo(CellSet.of(1));
        assertThat(two.has(2)).isTrue();
        assertThat(two.has(1)).isFalse();
        assertThat(two.majority()).isTrue();
        assertThat(CellSet.of(1).majority()).isFalse();
        assertThat(two.and(CellSet.of(1))).isEqualTo(CellSet.ALL);
        assertThatThrownBy(() -> new CellSet(8)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new CellSet(-1)).isInstanceOf(IllegalArgumentException.class);
    }
}
