package org.brokerhandoff.bench.load;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Loads of several kinds of custody, as text and as one JSON object.
 *
 * @param conditions conditions of the measurement
 * @param loads in order of measurement
 */
public record CustodyLoadReport(Map<String, Object> conditions, List<CustodyLoad> loads) {
    /** Copies the list. */
    public CustodyLoadReport {
        loads = List.copyOf(loads);
    }

    /** Whether no signup was lost. */
    public boolean complete() {
        return loads.stream().allMatch(CustodyLoad::complete);
    }

    /** One object on one line. */
    public String json() {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("conditions", conditions);
        values.put("complete", complete());
        values.put("loads", loads.stream().map(CustodyLoad::values).toList());
        try {
            return new ObjectMapper().writeValueAsString(values);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("maps of numbers and texts can be written", e);
        }
    }

    /** For a terminal. */
    public String text() {
        StringBuilder text = new StringBuilder();
        conditions.forEach(
                (name, value) -> text.append(name).append(": ").append(value).append('\n'));
        for (CustodyLoad load : loads) {
            text.append(String.format(
                    Locale.ROOT,
                    "%n%s, ingest and router: %d of each; without load, ms of CPU per second: %s%n",
                    load.custody(),
                    load.each(),
                    amounts(load.idleMillisPerSecond())));
            append(text, "at the steady rate", load.steady());
            LoadReport.latencies(text, "    ", load.steady());
            text.append(String.format(
                    Locale.ROOT,
                    "  offered more: %.0f accepted per second, %.0f finished per second%n",
                    load.acceptedPerSecond(),
                    load.finishedPerSecond()));
            append(text, "offered more", load.highest());
        }
        return text.toString();
    }

    private static void append(StringBuilder text, String name, Measured side) {
        text.append(String.format(
                Locale.ROOT,
                "  %s: %d accepted, %d not, %d unanswered, %d finished; CPU µs per signup: %s%n",
                name,
                side.accepted(),
                side.others(),
                side.lost(),
                side.finished(),
                amounts(side.cpuMicros())));
    }

    private static String amounts(Map<String, Double> amounts) {
        return amounts.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(process -> String.format(Locale.ROOT, "%s %.0f", process.getKey(), process.getValue()))
                .collect(Collectors.joining(", "));
    }
}
