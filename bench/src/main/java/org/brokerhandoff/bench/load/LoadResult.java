package org.brokerhandoff.bench.load;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Result of one load.
 *
 * @param cell the load
 * @param ours ingest, router and register service
 * @param bare the references, if they ran
 */
public record LoadResult(LoadCell cell, Measured ours, Optional<Measured> bare) {
    /** Whether every signup was accepted and finished, on both sides. */
    public boolean complete() {
        return complete(ours) && bare.map(LoadResult::complete).orElse(true);
    }

    static boolean complete(Measured side) {
        return side.others() == 0 && side.lost() == 0 && side.finished() == side.accepted() && side.accepted() > 0;
    }

    /** Ratio of CPU time between a process of ours and its reference. */
    Optional<Double> ratio(String process) {
        return bare.filter(side -> side.cpuMicros(process) > 0)
                .map(side -> Math.round(ours.cpuMicros(process) * 100 / side.cpuMicros(process)) / 100.0);
    }

    Map<String, Object> values() {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("transport", cell.address().tls() ? "tls" : "plain");
        values.put("brokerMillis", cell.address().delayMillis());
        values.put("connections", cell.connections());
        ratio("router").ifPresent(ratio -> values.put("routerRatio", ratio));
        ratio("ingest").ifPresent(ratio -> values.put("ingestRatio", ratio));
        values.put("handoff", side(ours));
        bare.ifPresent(side -> values.put("bare", side(side)));
        return values;
    }

    static Map<String, Object> side(Measured side) {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("accepted", side.accepted());
        values.put("notAccepted", side.others());
        values.put("unanswered", side.lost());
        values.put("finished", side.finished());
        values.put("seconds", side.seconds());
        values.put("cpuMicrosPerSignup", side.cpuMicros());
        values.put("ingestThreadMicros", side.threadMicros("ingest"));
        values.put("routerThreadMicros", side.threadMicros("router"));
        values.put("registerThreadMicros", side.threadMicros("register"));
        if (!side.allocatedBytes().isEmpty()) {
            Map<String, Double> bytes = new TreeMap<>();
            side.allocatedBytes().forEach((process, all) -> bytes.put(process, side.perSignup(all)));
            values.put("allocatedBytesPerSignup", bytes);
        }
        if (!side.instructions().isEmpty()) {
            Map<String, Double> instructions = new TreeMap<>();
            side.instructions().forEach((process, all) -> instructions.put(process, side.perSignup(all)));
            values.put("instructionsPerSignup", instructions);
        }
        values.put("generatorLagP99Millis", side.generatorLagMillis());
        Map<String, Object> latencies = new LinkedHashMap<>();
        side.latencies().forEach((name, curve) -> latencies.put(name, curve.values()));
        values.put("latencyMillis", latencies);
        return values;
    }
}
