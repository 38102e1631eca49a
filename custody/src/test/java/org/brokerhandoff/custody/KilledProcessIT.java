package org.brokerhandoff.custody;

import static org.assertj.core.api.Assertions.assertThat;
import static org.brokerhandoff.custody.Answers.awaited;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.brokerhandoff.operations.process.JvmOptions;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** Two real processes over one file, both killed with {@code kill -9} in the middle of their work, several times. */
@Tag("faults")
@Isolated("a rotation of epoch keys gives way to any slot file that this JVM closes")
class KilledProcessIT {
    private static final int ROUNDS = 4;
    private static final Instant NOW = Instant.parse("2026-11-22T13:00:00Z");

    @TempDir
    Path directory;

    private record Use(SlotReference slot, UUID signupId) {}

    /** The last thing told of a use of a slot. */
    private record Told(String step, String key) {}

    @RepeatedTest(2)
    void what_was_reported_before_the_kill_is_so_after_it() throws Exception {
        Path file = directory.resolve("slots");
        Path keysetFile = directory.resolve("keyset");
        Map<Use, Told> told = new HashMap<>();
        ExecutorService readers = Executors.newFixedThreadPool(2);
        for (int round = 0; round < ROUNDS; round++) {
            int linesBeforeKill = 500 + 400 * round;
            List<Process> processes = List.of(start(file, keysetFile), start(file, keysetFile));
            List<Future<List<String>>> outputs = new ArrayList<>();
            for (Process process : processes) {
                outputs.add(readers.submit(() -> linesUntilKilled(process, linesBeforeKill)));
            }
            for (Future<List<String>> output : outputs) {
                output.get().forEach(line -> note(told, line));
            }
            for (Process process : processes) {
                assertThat(process.waitFor()).as("killed, not ended").isEqualTo(137);
            }
            check(file, keysetFile, told);
        }
        readers.shutdown();
        assertThat(told.values().stream().map(Told::step)).contains("H", "E", "F");
    }

    private static Process start(Path file, Path keysetFile) throws IOException {
        List<String> command =
                JvmOptions.command(CrashingProcess.class, "-Xmx64m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");
        command.addAll(List.of(file.toString(), keysetFile.toString()));
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    /** What is still in the pipe when the process dies was written before, so it counts; half a line does not. */
    private static List<String> linesUntilKilled(Process process, int linesBeforeKill) throws IOException {
        List<String> lines = new ArrayList<>();
        try (BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII))) {
            StringBuilder line = new StringBuilder();
            for (int next = out.read(); next >= 0; next = out.read()) {
                if (next != '\n') {
                    line.append((char) next);
                    continue;
                }
                lines.add(line.toString());
                line.setLength(0);
                if (lines.size() == linesBeforeKill) {
                    process.toHandle().destroyForcibly();
                }
            }
        }
        return lines;
    }

    private static void note(Map<Use, Told> told, String line) {
        String[] words = line.split(" ", -1);
        Use use = new Use(
                new SlotReference(Integer.parseInt(words[1]), Integer.parseInt(words[2])), UUID.fromString(words[3]));
        told.put(use, new Told(words[0], words[4]));
    }

    private static void check(Path file, Path keysetFile, Map<Use, Told> told) throws IOException {
        try (SlotFile custody =
                SlotFile.open(new CustodySettings(file, 256, 1 << 20), FileKeyset.openOrCreate(keysetFile))) {
            custody.serveKeysAfter((signups, mark, purged) -> {}, Duration.ZERO);
            assertReported(custody, file, told);
            SweepResult first = custody.sweep(NOW);
            assertThat(first.expired()).isZero();
            assertThat(first.damaged()).isZero();
            SweepResult second = custody.sweep(NOW.plusSeconds(60));
            assertThat(second.finished())
                    .as("the first sweep finished every erasure")
                    .isZero();
            assertReported(custody, file, told);
            assertThat(custody.sweep(NOW.plusSeconds(120))).isEqualTo(new SweepResult(0, 0, 0, 0));
            // What the kill left of a rotation is finished, and one more is done: no key is lost by either.
            for (int i = 0; i < 2; i++) {
                assertThat(custody.rotate(Instant.now(), Duration.ofNanos(1)))
                        .isInstanceOfSatisfying(
                                RotationOutcome.Rotated.class,
                                rotated -> assertThat(rotated.unreadable()).isZero());
            }
            assertReported(custody, file, told);
        }
    }

    private static void assertReported(SlotFile custody, Path file, Map<Use, Told> told) throws IOException {
        try (FileChannel bytes = FileChannel.open(file, StandardOpenOption.READ)) {
            for (Map.Entry<Use, Told> entry : told.entrySet()) {
                SlotReference slot = entry.getKey().slot();
                UUID id = entry.getKey().signupId();
                switch (entry.getValue().step()) {
                    case "H" -> {
                        assertThat(awaited(custody.key(slot, id))
                                        .map(key -> HexFormat.of().formatHex(key.getEncoded())))
                                .as("a reported hold is readable")
                                .contains(entry.getValue().key());
                        assertThat(awaited(custody.read(slot)).orElseThrow().state())
                                .isEqualTo(SlotState.HELD);
                    }
                    case "B" ->
                        assertThat(awaited(custody.read(slot)).map(SlotView::signupId))
                                .contains(id);
                    case "E" -> {
                        assertThat(awaited(custody.key(slot, id))).isEmpty();
                        assertThat(awaited(custody.read(slot)).orElseThrow().state())
                                .isEqualTo(SlotState.ERASED);
                        ByteBuffer keyArea = ByteBuffer.allocate(SlotLayout.KEY_AREA_BYTES);
                        bytes.read(keyArea, SlotLayout.fileOffset(slot.slot()) + SlotLayout.KEY_AREA);
                        assertThat(keyArea.array())
                                .as("a reported erasure is zero")
                                .containsOnly(0);
                    }
                    default -> assertThat(awaited(custody.key(slot, id))).isEmpty();
                }
            }
        }
    }
}
