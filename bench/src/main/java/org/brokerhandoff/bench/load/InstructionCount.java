package org.brokerhandoff.bench.load;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

/** Instructions that a process retires, counted by {@code perf} where there is one and the kernel and the processor give it the counter. */
public final class InstructionCount implements AutoCloseable {
    private final Process perf;

    private InstructionCount(Process perf) {
        this.perf = perf;
    }

    /** Whether they can be counted here: tried on a command that does nothing. */
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

    /** Counts from now on. */
    public static InstructionCount start(long pid) throws IOException {
        return new InstructionCount(perf("-p", String.valueOf(pid)));
    }

    /** Ends it, and says how many there were. */
    public OptionalLong stop() throws IOException {
        // What SIGINT does at a terminal: it prints what it has counted.
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
