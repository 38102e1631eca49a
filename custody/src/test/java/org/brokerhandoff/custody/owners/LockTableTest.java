package org.brokerhandoff.custody.owners;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** The words of /proc/locks. */
class LockTableTest {
    private static final List<String> LINES = List.of(
            "1: FLOCK  ADVISORY  WRITE 700 fd:00:77 0 EOF",
            "2: POSIX  ADVISORY  WRITE 3568 fd:00:77 2 4",
            "2: -> POSIX  ADVISORY  WRITE 3569 fd:00:77 3 3",
            "3: POSIX  ADVISORY  WRITE 3570 fd:00:177 0 EOF",
            "4: OFDLCK ADVISORY  WRITE -1 fd:00:77 9 9",
            "5: POSIX  ADVISORY  WRITE 0 08:01:77 7 7",
            "6: POSIX  ADVISORY  READ  3571 fd:00:77 100 EOF",
            "");

    @Test
    void a_byte_is_held_by_the_process_whose_range_it_is_in() {
        LockTable table = LockTable.parsed(LINES, 77);
        assertThat(table.holder(1)).isEmpty();
        for (long position : new long[] {2, 3, 4}) {
            assertThat(table.holder(position)).isEqualTo(OptionalLong.of(3568));
        }
        assertThat(table.holder(5)).isEmpty();
        assertThat(table.holder(7)).isEqualTo(OptionalLong.of(0));
        assertThat(table.holder(9)).isEmpty();
        assertThat(table.holder(99)).isEmpty();
        assertThat(table.holder(1_000)).isEqualTo(OptionalLong.of(3571));
        assertThat(LockTable.parsed(LINES, 177).holder(5)).isEqualTo(OptionalLong.of(3570));
        assertThat(LockTable.parsed(LINES, 7).ranges()).isEmpty();
    }

    @Test
    void a_table_that_is_worded_differently_says_nothing() {
        assertThat(LockTable.parsed(List.of("1: POSIX ADVISORY WRITE pid fd:00:77 0 EOF"), 77)
                        .ranges())
                .isEmpty();
        assertThat(LockTable.parsed(List.of("POSIX", "1: POSIX  ADVISORY  WRITE 1 fd:00:77 0"), 77)
                        .ranges())
                .isEmpty();
    }

    @Test
    void this_process_runs_and_one_that_does_not_exist_is_not_stopped() {
        assertThat(LockTable.stopped(ProcessHandle.current().pid())).isFalse();
        assertThat(LockTable.stopped(Long.MAX_VALUE)).isFalse();
    }
}
