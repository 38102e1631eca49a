package org.brokerhandoff.operations.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.brokerhandoff.operations.process.JvmOptions;
import org.junit.jupiter.api.Test;

class HeapRinseTest {
    private static final int PAGE_BYTES = 4096;
    private static final byte[] LEFT = "what-was-left-behind".getBytes(StandardCharsets.US_ASCII);

    @Test
    void what_short_lived_strings_leave_is_overwritten() throws Exception {
        assumeTrue(Files.isReadable(Path.of("/proc/self/mem")), "needs Linux");
        Process process = new ProcessBuilder(JvmOptions.command(
                        LeavingProcess.class,
                        "-XX:+UseSerialGC",
                        "-XX:+ZeroTLAB",
                        "-Xmx64m",
                        "-Xmn24m",
                        "-XX:TargetSurvivorRatio=90"))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (BufferedReader answers = process.inputReader();
                OutputStream orders = process.getOutputStream()) {
            awaitLine(answers, "left ");
            // Control: the search must be able to find.
            assertThat(occurrences(process)).isGreaterThan(1500);

            orders.write('\n');
            orders.flush();
            awaitLine(answers, "rinsed");

            assertThat(occurrences(process)).isZero();
        } finally {
            process.destroyForcibly();
        }
    }

    private static void awaitLine(BufferedReader answers, String beginning) throws IOException {
        String line = answers.readLine();
        while (line != null && !line.startsWith(beginning)) {
            line = answers.readLine();
        }
        assertThat(line).isNotNull();
    }

    /** In all private, writable, anonymous memory. The process is suspended meanwhile. */
    private static int occurrences(Process process) throws Exception {
        signal(process, "-STOP");
        int found = 0;
        Path directory = Path.of("/proc", String.valueOf(process.pid()));
        try (RandomAccessFile memory =
                new RandomAccessFile(directory.resolve("mem").toString(), "r")) {
            for (String line : Files.readAllLines(directory.resolve("maps"))) {
                String[] words = line.split(" +", -1);
                String[] addresses = words[0].split("-", -1);
                if (words[1].startsWith("rw") && !line.contains("/")) {
                    found += occurrences(region(
                            memory,
                            Long.parseUnsignedLong(addresses[0], 16),
                            Long.parseUnsignedLong(addresses[1], 16)));
                }
            }
        } finally {
            signal(process, "-CONT");
        }
        return found;
    }

    /** Page by page: the list of regions may include unreadable pages. */
    private static byte[] region(RandomAccessFile memory, long start, long end) {
        byte[] region = new byte[(int) (end - start)];
        for (int at = 0; at < region.length; at += PAGE_BYTES) {
            try {
                memory.seek(start + at);
                memory.readFully(region, at, Math.min(PAGE_BYTES, region.length - at));
            } catch (IOException unreadable) {
                Arrays.fill(region, at, Math.min(at + PAGE_BYTES, region.length), (byte) 0);
            }
        }
        return region;
    }

    private static void signal(Process process, String signal) throws Exception {
        assertThat(new ProcessBuilder("kill", signal, String.valueOf(process.pid()))
                        .start()
                        .waitFor())
                .isZero();
    }

    private static int occurrences(byte[] region) {
        int found = 0;
        for (int at = 0; at <= region.length - LEFT.length; at++) {
            if (region[at] == LEFT[0] && Arrays.equals(region, at, at + LEFT.length, LEFT, 0, LEFT.length)) {
                found++;
            }
        }
        return found;
    }
}
