package org.brokerhandoff.bench.load;

import java.util.Map;
import java.util.TreeMap;

/**
 * Measurements of one side – ours or the references – under one load.
 *
 * @param accepted signups answered 202
 * @param others signups answered otherwise
 * @param lost signups that were not answered
 * @param finished accepted signups that were delivered and, for ours, purged
 * @param seconds from the first request until the last signup was finished
 * @param cpu by process
 * @param allocatedBytes heap allocation, by process, if the process reports it
 * @param instructions by process, if the kernel counts them
 * @param latencies by name
 * @param generatorLagMillis 99th percentile of the generator's delay
 */
public record Measured(
        int accepted,
        int others,
        int lost,
        int finished,
        double seconds,
        Map<String, CpuTimes> cpu,
        Map<String, Double> allocatedBytes,
        Map<String, Long> instructions,
        Map<String, LatencyCurve> latencies,
        double generatorLagMillis) {

    /** CPU microseconds of a process per accepted signup. */
    public double cpuMicros(String process) {
        CpuTimes used = cpu.get(process);
        return used == null ? 0 : perSignup((double) used.total());
    }

    /** By process. */
    Map<String, Double> cpuMicros() {
        Map<String, Double> micros = new TreeMap<>();
        cpu.forEach((process, used) -> micros.put(process, perSignup((double) used.total())));
        return micros;
    }

    /** By thread of a process, from one microsecond. */
    Map<String, Double> threadMicros(String process) {
        Map<String, Double> micros = new TreeMap<>();
        CpuTimes used = cpu.get(process);
        if (used != null) {
            used.micros().forEach((thread, spent) -> {
                if (perSignup(spent) >= 1) {
                    micros.put(thread, perSignup(spent));
                }
            });
        }
        return micros;
    }

    double perSignup(double amount) {
        return accepted == 0 ? 0 : Math.round(amount * 10 / accepted) / 10.0;
    }
}
