package org.brokerhandoff.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class LoadReportTest {
    private static final LoadCell CELL = new LoadCell(new StubAddress(true, 20), 64);

    private static CpuTimes cpu(long micros) {
        return new CpuTimes(Map.of("worker", micros));
    }

    private static Measured side(int accepted, int finished, long ingestMicros, long routerMicros) {
        return new Measured(
                accepted,
                0,
                0,
                finished,
                2.5,
                Map.of("ingest", cpu(ingestMicros), "router", cpu(routerMicros), "kafka", cpu(5_000)),
                Map.of("router", 40_000.0),
                Map.of(),
                Map.of(
                        "requestTo202",
                        LatencyCurve.of(LongStream.rangeClosed(1, 1000).map(i -> i * 1000))),
                0.2);
    }

    private static LoadReport report(Measured ours, Optional<Measured> bare) {
        return new LoadReport(
                Map.of("kernel", "</script><b>"), Map.of("kafka", 12.5), List.of(new LoadResult(CELL, ours, bare)));
    }

    @Test
    void ratios_are_those_of_the_cpu_per_signup_of_each_side() throws IOException {
        // 200 and 150 µs for each of 100 signups, against 50 and 60 for each of 50.
        LoadReport report = report(side(100, 100, 20_000, 15_000), Optional.of(side(50, 50, 2_500, 3_000)));
        JsonNode load = new ObjectMapper().readTree(report.json()).get("loads").get(0);
        assertThat(load.get("ingestRatio").asDouble()).isEqualTo(4.0);
        assertThat(load.get("routerRatio").asDouble()).isEqualTo(2.5);
        assertThat(load.get("transport").asText()).isEqualTo("tls");
        assertThat(load.get("brokerMillis").asInt()).isEqualTo(20);
        assertThat(load.get("connections").asInt()).isEqualTo(64);
        JsonNode ours = load.get("handoff");
        assertThat(ours.get("cpuMicrosPerSignup").get("kafka").asDouble()).isEqualTo(50);
        assertThat(ours.get("allocatedBytesPerSignup").get("router").asDouble()).isEqualTo(400);
        assertThat(ours.has("instructionsPerSignup")).isFalse();
        assertThat(ours.get("latencyMillis").get("requestTo202").get("p99").asDouble())
                .isBetween(985.0, 995.0);
    }

    @Test
    void without_references_there_are_no_ratios() throws IOException {
        String json = report(side(1, 1, 1, 1), Optional.empty()).json();
        JsonNode load = new ObjectMapper().readTree(json).get("loads").get(0);
        assertThat(load.has("routerRatio")).isFalse();
        assertThat(load.has("bare")).isFalse();
    }

    @Test
    void a_signup_of_either_side_that_did_not_come_to_its_end_makes_the_run_incomplete() {
        Measured whole = side(10, 10, 1, 1);
        assertThat(report(whole, Optional.of(whole)).complete()).isTrue();
        assertThat(report(side(10, 9, 1, 1), Optional.of(whole)).complete()).isFalse();
        assertThat(report(whole, Optional.of(side(10, 9, 1, 1))).complete()).isFalse();
        assertThat(report(side(0, 0, 1, 1), Optional.empty()).complete()).isFalse();
    }

    @Test
    void the_page_holds_all_of_it_and_asks_no_other_host() throws IOException {
        String page = report(side(10, 10, 1, 1), Optional.empty()).page();
        assertThat(page).contains("\"requestTo202\"").doesNotContain("/*data*/null", "</script><b>");
        assertThat(page.replace("http://www.w3.org/2000/svg", "")).doesNotContain("http://", "https://", "src=");
    }

    @Test
    void cpu_is_what_was_used_since_and_the_compilers_are_left_out() {
        CpuTimes before = new CpuTimes(Map.of("worker", 100L, "C2 CompilerThre", 50L));
        CpuTimes after = new CpuTimes(Map.of("worker", 150L, "C2 CompilerThre", 950L, "new", 7L));
        assertThat(after.since(before).micros()).isEqualTo(Map.of("worker", 50L, "new", 7L));
        assertThat(after.since(before).total()).isEqualTo(57);
    }

    @Test
    void cpu_of_this_process_is_read_thread_by_thread() throws IOException {
        CpuTimes times = CpuTimes.of(ProcessHandle.current().pid());
        assertThat(times.total()).isPositive();
        assertThat(times.micros()).containsKey(CpuTimes.ENDED).hasSizeGreaterThan(5);
    }

    @Test
    void instructions_are_a_number_or_not_there() {
        assertThat(InstructionCount.parse("123456,,instructions:u,1000,100.00,,\n"))
                .hasValue(123456);
        assertThat(InstructionCount.parse("<not supported>,,instructions:u,0,100.00,,\n"))
                .isEmpty();
        assertThat(InstructionCount.parse("perf: not found\n")).isEmpty();
    }
}
