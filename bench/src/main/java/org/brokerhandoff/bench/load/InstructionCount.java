package org.brokerhandoff.bench.load;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

/** Instructions retired by a process, counted by {@code perf} if it exists and kernel and processor permit the counter. */
public final class InstructionCount implements AutoCloseable {
    private final Process perf;

    private InstructionCount(Process perf) {
        this.perf = perf;
    }

    /** Whether counting works here: tried on a command that does nothing. */
    public static boolean possible() {
        try {
            Process trial = perf("true");
            String said = new String(trial.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return trial.waitFor(10, TimeUnit.SECONDS) && parse(said).isPresent();
        } catch (IOException noPerf) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Starts counting. */
    public static InstructionCount start(long pid) throws IOException {
        return new InstructionCount(perf("-p", String.valueOf(pid)));
    }

    /** Stops, and returns the count. */
    public OptionalLong stop() throws IOException {
        // As SIGINT at a terminal: it prints the count.
        new ProcessBuilder("kill", "-INT", String.valueOf(perf.pid())).start();
        return parse(new String(perf.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
    }

    /** {@code perf stat -x ,} prints the count first, or {@code <not supported>}. */
    static OptionalLong parse(String output) {
        return output.lines()
                .filter(line -> line.contains("instructions"))
                .map(line -> line.split(",", -1)[0])
                .filter(count -> count.matches("[0-9]+"))
                .mapToLong(Long::parseLong)
                .findFirst();
    }

    private static Process perf(String... target) throws IOException {
        List<String> command = new ArrayList<>(List.of("perf", "stat", "-x", ",", "-e", "instructions:u"));
        command.addAll(Arrays.asList(target));
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }

    @Override
    public void close() {
        perf.destroy();
    }
}
