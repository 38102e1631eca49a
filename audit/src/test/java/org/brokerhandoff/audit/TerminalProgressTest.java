package org.brokerhandoff.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class TerminalProgressTest {
    private final StringWriter terminal = new StringWriter();
    private final AtomicLong nanos = new AtomicLong(5);
    private final TerminalProgress progress = new TerminalProgress(new PrintWriter(terminal), nanos::get);

    @Test
    void it_tells_how_much_was_read_how_fast_and_how_long_the_rest_takes() {
        assertThat(TerminalProgress.reading(500_000, 2_000_000, 5))
                .isEqualTo("[=======                       ] 500,000 of 2,000,000 records, 100,000/s, 15 s left");
        assertThat(TerminalProgress.reading(1_000, 1_000_000, 1)).endsWith("1,000/s, 17 min left");
        assertThat(TerminalProgress.reading(0, 0, 0)).startsWith("[" + "=".repeat(30) + "]");
    }

    @Test
    void it_writes_one_line_over_and_over_and_no_more_often_than_twice_a_second() {
        progress.begins(1000, 2);
        progress.read(500);
        nanos.addAndGet(499_000_000);
        progress.read(100);
        assertThat(terminal.toString().split("\r")).hasSize(2);
        nanos.addAndGet(1_000_000);
        progress.read(100);
        assertThat(terminal.toString().split("\r")).hasSize(3);
        assertThat(terminal.toString()).contains("700 of 1,000").doesNotContain("\n");
        progress.judged(1);
        assertThat(terminal.toString()).endsWith("\rjudged 1 of 2 partitions\u001b[K");
        progress.end();
        assertThat(terminal.toString()).endsWith("\r\u001b[K");
    }
}
