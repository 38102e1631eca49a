package org.brokerhandoff.bench;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.brokerhandoff.bench.load.CpuTimes;

/** The processes whose CPU time a load is charged with, by name; several may have one name. */
final class LoadedProcesses {
    private final Map<String, Supplier<List<Long>>> byName = new TreeMap<>();

    /** Processes that stay the same. */
    void add(String name, List<Long> pids) {
        byName.put(name, () -> pids);
    }

    /** Processes that come and go: the time of one that has ended is not counted. */
    void add(String name, Supplier<List<Long>> pids) {
        byName.put(name, pids);
    }

    /** Process ids at present. */
    Map<String, List<Long>> pids() {
        Map<String, List<Long>> pids = new TreeMap<>();
        byName.forEach((name, of) -> pids.put(name, of.get()));
        return pids;
    }

    /** CPU time so far. */
    Reading cpu() throws IOException {
        Map<String, Map<Long, CpuTimes>> times = new TreeMap<>();
        for (Map.Entry<String, List<Long>> process : pids().entrySet()) {
            Map<Long, CpuTimes> each = new TreeMap<>();
            for (long pid : process.getValue()) {
                try {
                    each.put(pid, CpuTimes.of(pid));
                } catch (NoSuchFileException e) {
                    // It has ended meanwhile.
                }
            }
            times.put(process.getKey(), each);
        }
        return new Reading(times);
    }

    /**
     * CPU time at one moment.
     *
     * @param times by name and process id
     */
    record Reading(Map<String, Map<Long, CpuTimes>> times) {
        /** What each name used between two readings, by the processes that are in the second one. */
        Map<String, CpuTimes> since(Reading earlier) {
            Map<String, CpuTimes> used = new TreeMap<>();
            times.forEach((name, processes) -> {
                Map<Long, CpuTimes> before = earlier.times.getOrDefault(name, Map.of());
                used.put(
                        name,
                        CpuTimes.sum(processes.entrySet().stream()
                                .map(each -> each.getValue()
                                        .since(before.getOrDefault(each.getKey(), new CpuTimes(Map.of()))))
                                .toList()));
            });
            return used;
        }
    }
}
