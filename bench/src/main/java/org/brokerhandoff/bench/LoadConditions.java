package org.brokerhandoff.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the commands that load an installation say of the machine, and how they have its services profiled. */
final class LoadConditions {
    private LoadConditions() {}

    /** The machine, for a report; to be added to. */
    static Map<String, Object> ofMachine() {
        Map<String, Object> conditions = new LinkedHashMap<>();
        conditions.put("at", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
        conditions.put("processors", Runtime.getRuntime().availableProcessors());
        conditions.put("java", System.getProperty("java.vm.version"));
        conditions.put("kernel", System.getProperty("os.version"));
        return conditions;
    }

    /** Of the last minute, which shows whether the machine was doing other work. */
    static double loadAverage() throws IOException {
        return Double.parseDouble(Files.readString(Path.of("/proc/loadavg")).split(" ", -1)[0]);
    }

    /** Options of a JVM that writes a flight recording into {@code directory} at its exit. Each process names its file after its own number. */
    static List<String> recording(Path directory) throws IOException {
        Path recordings = Files.createDirectories(directory.toAbsolutePath());
        return List.of("-XX:StartFlightRecording:settings=profile,dumponexit=true,filename=" + recordings);
    }
}
