package org.brokerhandoff.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class CustodyLoadReportTest {
    private static Measured measured(int accepted, int others, int finished) {
        return new Measured(
                accepted,
                others,
                0,
                finished,
                4.0,
                Map.of("postgres", new CpuTimes(Map.of("postgres", 50_000L))),
                Map.of(),
                Map.of(),
                Map.of("requestTo202", LatencyCurve.of(LongStream.of(5_000))),
                0.1);
    }

    private static CustodyLoad load(Measured steady, Measured highest) {
        return new CustodyLoad("cells", 2, Map.of("router", 12.0), steady, highest, 321.0);
    }

    private static CustodyLoadReport report(CustodyLoad load) {
        return new CustodyLoadReport(Map.of("processors", 2), List.of(load));
    }

    @Test
    void cost_and_rates_of_each_custody_are_told() {
        CustodyLoadReport report = report(load(measured(100, 0, 100), measured(1000, 0, 1000)));
        assertThat(report.text())
                .contains("cells, ingest and router: 2 of each")
                .contains("CPU µs per signup: postgres 500")
                .contains("321 accepted per second, 250 finished per second");
        assertThat(report.json())
                .contains("\"acceptedPerSecond\":321.0", "\"finishedPerSecond\":250.0", "\"complete\":true");
    }

    @Test
    void refusals_are_allowed_only_where_more_is_offered_than_can_be_sustained() {
        assertThat(report(load(measured(100, 0, 100), measured(1000, 50, 1000))).complete())
                .isTrue();
        assertThat(report(load(measured(100, 1, 100), measured(1000, 0, 1000))).complete())
                .isFalse();
        assertThat(report(load(measured(100, 0, 100), measured(1000, 0, 999))).complete())
                .isFalse();
    }
}
