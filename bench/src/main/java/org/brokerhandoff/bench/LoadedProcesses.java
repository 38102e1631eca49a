package org.brokerhandoff.bench;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
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
    Map<String, CpuTimes> cpu() throws IOException {
        Map<String, CpuTimes> times = new TreeMap<>();
        for (Map.Entry<String, List<Long>> process : pids().entrySet()) {
            List<CpuTimes> each = new ArrayList<>();
            for (long pid : process.getValue()) {
                try {
                    each.add(CpuTimes.of(pid));
                } catch (NoSuchFileException e) {
                    // It has ended meanwhile.
                }
            }
            times.put(process.getKey(), CpuTimes.sum(each));
        }
        return times;
    }

    /** CPU time between two readings. */
    static Map<String, CpuTimes> since(Map<String, CpuTimes> before, Map<String, CpuTimes> after) {
        Map<String, CpuTimes> used = new TreeMap<>();
        after.forEach((name, times) -> {
            CpuTimes earlier = before.get(name);
            used.put(name, earlier == null ? times : times.since(earlier));
        });
        return used;
    }
}
