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
import java.util.List;
import org.junit.jupiter.api.Test;

class HeapRinseTest {
    private static final byte[] LEFT = "what-was-left-behind".getBytes(StandardCharsets.US_ASCII);

    @Test
    void what_short_lived_strings_leave_is_overwritten() throws Exception {
        assumeTrue(Files.isReadable(Path.of("/proc/self/mem")), "needs Linux");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-XX:+ZeroTLAB",
                        "-Xmx64m",
                        "-Xmn24m",
                        "-XX:TargetSurvivorRatio=90",
                        "-cp",
                        System.getProperty("java.class.path"),
                        LeavingProcess.class.getName())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (BufferedReader answers = process.inputReader();
                OutputStream orders = process.getOutputStream()) {
            awaitLine(answers, "left ");
            // The search has to be able to find.
            assertThat(occurrences(process.pid())).isGreaterThan(1500);

            orders.write('\n');
            orders.flush();
            awaitLine(answers, "rinsed");

            assertThat(occurrences(process.pid())).isZero();
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

    /** In all memory that is private, writable and no file's. */
    private static int occurrences(long pid) throws IOException {
        int found = 0;
        Path directory = Path.of("/proc", String.valueOf(pid));
        List<String> lines = Files.readAllLines(directory.resolve("maps"));
        try (RandomAccessFile memory =
                new RandomAccessFile(directory.resolve("mem").toString(), "r")) {
            for (String line : lines) {
                String[] words = line.split(" +", -1);
                String[] addresses = words[0].split("-", -1);
                if (words[1].startsWith("rw") && !line.contains("/")) {
                    long start = Long.parseUnsignedLong(addresses[0], 16);
                    byte[] region = new byte[(int) (Long.parseUnsignedLong(addresses[1], 16) - start)];
                    memory.seek(start);
                    memory.readFully(region);
                    found += occurrences(region);
                }
            }
        }
        return found;
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
