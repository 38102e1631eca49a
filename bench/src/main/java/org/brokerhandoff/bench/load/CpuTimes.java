package org.brokerhandoff.bench.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * CPU time of a process so far, as counted by Linux (proc(5)).
 *
 * @param micros by name of thread, of which Linux keeps 15 characters, without trailing numbers; the time of ended threads is under {@link
 *     #ENDED}
 */
public record CpuTimes(Map<String, Long> micros) {
    static final String ENDED = "(ended)";
    private static final String COMPILERS = "CompilerThre";
    /** {@code USER_HZ}, which is 100 on every architecture that a JVM runs on. */
    private static final long MICROS_PER_JIFFY = 10_000;

    /** Copies the map. */
    public CpuTimes {
        micros = Map.copyOf(micros);
    }

    /** CPU time of process {@code pid}. */
    public static CpuTimes of(long pid) throws IOException {
        Path directory = Path.of("/proc", String.valueOf(pid));
        Map<String, Long> micros = new TreeMap<>();
        long living = 0;
        try (Stream<Path> threads = Files.list(directory.resolve("task"))) {
            for (Path thread : threads.toList()) {
                String stat;
                try {
                    stat = Files.readString(thread.resolve("stat"));
                } catch (NoSuchFileException endedMeanwhile) {
                    continue;
                }
                String name = stat.substring(stat.indexOf('(') + 1, stat.lastIndexOf(')'));
                long used = micros(stat);
                living += used;
                micros.merge(name.replaceAll("[-#0-9 ]+$", ""), used, Long::sum);
            }
        }
        micros.put(ENDED, Math.max(0, micros(Files.readString(directory.resolve("stat"))) - living));
        return new CpuTimes(micros);
    }

    /** CPU time of several processes together. */
    public static CpuTimes sum(List<CpuTimes> processes) {
        Map<String, Long> micros = new TreeMap<>();
        processes.forEach(process -> process.micros.forEach((name, used) -> micros.merge(name, used, Long::sum)));
        return new CpuTimes(micros);
    }

    /** utime and stime are fields 14 and 15; the name in field 2 may contain blanks, so fields are counted after it. */
    private static long micros(String stat) {
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) * MICROS_PER_JIFFY;
    }

    /** CPU time since {@code earlier}, without the JIT compilers' threads. */
    public CpuTimes since(CpuTimes earlier) {
        Map<String, Long> difference = new TreeMap<>();
        micros.forEach((name, used) -> {
            if (!name.contains(COMPILERS)) {
                difference.put(name, used - earlier.micros.getOrDefault(name, 0L));
            }
        });
        return new CpuTimes(difference);
    }

    /** Total over all threads, in microseconds. */
    public long total() {
        return micros.values().stream().mapToLong(Long::longValue).sum();
    }
}
