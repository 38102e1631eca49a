package org.brokerhandoff.custody.cells.fitness;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostReportTest {
    private static final String RUN = "0123456789abcdef0123456789abcdef01234567";

    @Test
    void what_is_written_is_read() {
        for (boolean swap : new boolean[] {true, false}) {
            for (boolean coreDumps : new boolean[] {true, false}) {
                HostReport report = new HostReport(RUN, swap, coreDumps);
                assertThat(HostReport.parse(report.text())).contains(report);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "swap=false coreDumps=false",
                "0123 swap=false coreDumps=false",
                RUN + " swap=false",
                RUN + " swap=no coreDumps=no",
                RUN + " swap=false coreDumps=false and more"
            })
    void anything_else_is_no_report(String text) {
        assertThat(HostReport.parse(text)).isEmpty();
    }
}
