package org.brokerhandoff.bench.load;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Results of a run, as one JSON object, as text and as a page.
 *
 * @param conditions conditions of the measurement
 * @param idleMillisPerSecond CPU milliseconds per second of each process without load
 * @param results in order of measurement
 */
public record LoadReport(
        Map<String, Object> conditions, Map<String, Double> idleMillisPerSecond, List<LoadResult> results) {
    private static final String DATA = "/*data*/null";
    /** The stages, and their names for people. */
    static final Map<String, String> STAGES = stages();

    /** Copies the list. */
    public LoadReport {
        results = List.copyOf(results);
    }

    private static Map<String, String> stages() {
        Map<String, String> stages = new LinkedHashMap<>();
        stages.put("requestTo202", "request to 202");
        stages.put("202ToBroker", "202 to the broker's first byte");
        stages.put("acceptedToKeyDestroyed", "broker's acceptance to key destroyed");
        stages.put("acceptedToUnreachable", "broker's acceptance to unreachable");
        return stages;
    }

    /** Whether every signup of every load was finished. */
    public boolean complete() {
        return results.stream().allMatch(LoadResult::complete);
    }

    /** One object on one line. */
    public String json() {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("conditions", conditions);
        values.put("idleMillisPerSecond", idleMillisPerSecond);
        values.put("complete", complete());
        values.put("loads", results.stream().map(LoadResult::values).toList());
        try {
            return new ObjectMapper().writeValueAsString(values);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("maps of numbers and texts can be written", e);
        }
    }

    /** A self-contained page. */
    public String page() throws IOException {
        try (InputStream page = LoadReport.class.getResourceAsStream("load.html")) {
            if (page == null) {
                throw new IllegalStateException("load.html is part of this module");
            }
            // A script element ends at "</", wherever it occurs.
            return new String(page.readAllBytes(), StandardCharsets.UTF_8).replace(DATA, json().replace("</", "<\\/"));
        }
    }

    /** For a terminal. */
    public String text() {
        StringBuilder text = new StringBuilder();
        conditions.forEach(
                (name, value) -> text.append(name).append(": ").append(value).append('\n'));
        text.append("without load, ms of CPU per second: ")
                .append(idleMillisPerSecond)
                .append('\n');
        for (LoadResult result : results) {
            text.append('\n').append(result.cell().name());
            result.ratio("router")
                    .ifPresent(ratio -> text.append(": router ").append(ratio).append(" x the bare one"));
            result.ratio("ingest")
                    .ifPresent(ratio -> text.append(", ingest ").append(ratio).append(" x"));
            text.append('\n');
            side(text, "handoff", result.ours());
            result.bare().ifPresent(bare -> side(text, "bare", bare));
        }
        return text.toString();
    }

    private static void side(StringBuilder text, String name, Measured side) {
        text.append(String.format(
                Locale.ROOT,
                "  %-8s %d accepted, %d not, %d unanswered, %d completed; CPU µs per signup: %s%n",
                name,
                side.accepted(),
                side.others(),
                side.lost(),
                side.finished(),
                side.cpuMicros().entrySet().stream()
                        .map(process -> process.getKey() + " " + process.getValue())
                        .collect(Collectors.joining(", "))));
        side.allocatedBytes()
                .forEach((process, bytes) -> text.append(String.format(
                        Locale.ROOT, "           %s allocates %.0f bytes%n", process, side.perSignup(bytes))));
        latencies(text, "           ", side);
    }

    /** Appends a line for each latency. */
    static void latencies(StringBuilder text, String indent, Measured side) {
        side.latencies()
                .forEach((stage, curve) -> text.append(String.format(
                        Locale.ROOT,
                        "%s%-38s p50 %8.1f ms  p99 %8.1f ms  longest %8.1f ms%n",
                        indent,
                        STAGES.getOrDefault(stage, stage),
                        curve.at(50),
                        curve.at(99),
                        curve.at(100))));
    }
}
