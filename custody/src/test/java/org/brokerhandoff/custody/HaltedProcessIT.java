package org.brokerhandoff.custody;

import static org.assertj.core.api.Assertions.assertThat;
import static org.brokerhandoff.custody.Answers.awaited;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.brokerhandoff.custody.FaultPoints.Step;
import org.brokerhandoff.operations.process.JvmOptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A real process that halts at a step of a slot's life, or of a rotation: what it had reported is so, in all that follow. */
@Tag("faults")
@Isolated("a rotation of epoch keys gives way to any slot file that this JVM closes")
class HaltedProcessIT {
    @TempDir
    Path directory;

    private static final BrokerTag FJORD = BrokerTag.of("fjord");

    private static int attempts(SlotFile custody, Use use) {
        return awaited(custody.read(use.slot())).orElseThrow().attempt();
    }

    private record Use(SlotReference slot, UUID signupId) {}

    private final Map<Use, String> heldKeys = new HashMap<>();
    private final Map<Use, String> lastStep = new HashMap<>();
    private final Set<Use> prolonged = new HashSet<>();
    private final Map<Integer, String> epochKeys = new HashMap<>();

    @ParameterizedTest
    @EnumSource(Step.class)
    void what_was_reported_before_the_halt_is_so_after_it(Step step) throws Exception {
        // The first time, and again when much is in the file already, over what the first left behind.
        run(step, 1);
        check();
        run(step, step == Step.CHUNK_WRITTEN || step == Step.CHUNK_SYNCED ? 2 : 9);
        check();
        rotateAndCheck();
        expireAndCheck();
        assertThat(heldKeys).isNotEmpty();
    }

    private void run(Step step, int count) throws Exception {
        List<String> command =
                JvmOptions.command(HaltingProcess.class, "-Xmx64m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");
        command.addAll(List.of(slots().toString(), keyset().toString(), step.name(), Integer.toString(count)));
        Process process = new ProcessBuilder(command)
                .redirectError(directory.resolve("errors").toFile())
                .start();
        String told = new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        assertThat(process.waitFor())
                .as("halted at %s: %s", step, Files.readString(directory.resolve("errors")))
                .isEqualTo(HaltingProcess.HALTED);
        told.lines().forEach(this::note);
    }

    private void note(String line) {
        String[] words = line.split(" ", -1);
        switch (words[0]) {
            case "K" -> epochKeys.put(Integer.parseInt(words[1]), words[2]);
            case "D" -> {}
            default -> {
                Use use = new Use(
                        new SlotReference(Integer.parseInt(words[1]), Integer.parseInt(words[2])),
                        UUID.fromString(words[3]));
                if (words[0].equals("P")) {
                    prolonged.add(use);
                    return;
                }
                lastStep.put(use, words[0]);
                if (words[0].equals("H")) {
                    heldKeys.put(use, words[4]);
                }
            }
        }
    }

    private Path slots() {
        return directory.resolve("slots");
    }

    private Path keyset() {
        return directory.resolve("keyset");
    }

    private SlotFile open() {
        SlotFile custody = SlotFile.open(
                new CustodySettings(slots(), 32, 1 << 16),
                FileKeyset.openOrCreate(keyset()),
                InstantSource.fixed(HaltingProcess.START));
        assertThat(custody.serveKeysAfter((signups, mark, handler) -> {}, HaltingProcess.INTERVAL))
                .isZero();
        return custody;
    }

    private void check() throws IOException {
        try (SlotFile custody = open()) {
            assertReported(custody);
            assertThat(custody.sweep(HaltingProcess.START).damaged()).isZero();
            assertReported(custody);
        }
    }

    /** Past the expiry, what was not prolonged goes, and what was is there until its new end. */
    private void expireAndCheck() {
        try (SlotFile custody = open()) {
            custody.sweep(HaltingProcess.EXPIRY);
            lastStep.forEach((use, step) -> {
                if (prolonged.contains(use) && "HRL".contains(step)) {
                    assertThat(awaited(custody.key(use.slot(), use.signupId()))).isPresent();
                }
            });
            custody.sweep(HaltingProcess.PROLONGED_TO);
            assertThat(awaited(custody.usage()).live()).isZero();
        }
    }

    /** Whatever the halt left of a rotation is finished; then only the current epoch's key is left in the file. */
    private void rotateAndCheck() throws IOException {
        Instant later = HaltingProcess.START.plus(HaltingProcess.INTERVAL.multipliedBy(1000));
        try (SlotFile custody = open()) {
            List<RotationOutcome> outcomes = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                outcomes.add(custody.rotate(later, HaltingProcess.INTERVAL));
                assertReported(custody);
            }
            assertThat(outcomes)
                    .allMatch(outcome ->
                            !(outcome instanceof RotationOutcome.Rotated rotated) || rotated.unreadable() == 0);
        }
        FileKeyset keyset = FileKeyset.openOrCreate(keyset());
        assertThat(keyset.epochs()).containsExactly(keyset.currentEpoch());
        String bytes = new String(Files.readAllBytes(keyset()), StandardCharsets.ISO_8859_1);
        epochKeys.forEach((epoch, key) -> assertThat(
                        bytes.contains(new String(HexFormat.of().parseHex(key), StandardCharsets.ISO_8859_1)))
                .as("epoch %d of %d", epoch, keyset.currentEpoch())
                .isEqualTo(epoch == keyset.currentEpoch()));
    }

    private void assertReported(SlotFile custody) throws IOException {
        byte[] bytes = Files.readAllBytes(slots());
        lastStep.forEach((use, step) -> {
            switch (step) {
                case "H", "R", "L" -> {
                    assertThat(awaited(custody.key(use.slot(), use.signupId()))
                                    .map(key -> HexFormat.of().formatHex(key.getEncoded())))
                            .as("a reported hold opens: %s", use.slot())
                            .contains(heldKeys.get(use));
                    SlotView view = awaited(custody.read(use.slot())).orElseThrow();
                    // One in flight may be done or not; nothing in between.
                    assertThat(view.prolongedTo())
                            .as("a reported prolongation holds: %s", use.slot())
                            .satisfiesAnyOf(
                                    to -> assertThat(to).contains(HaltingProcess.PROLONGED_TO),
                                    to -> assertThat(to.isEmpty() && !prolonged.contains(use))
                                            .isTrue());
                    if (step.equals("R")) {
                        assertThat(awaited(custody.read(use.slot()))
                                        .orElseThrow()
                                        .restricted())
                                .as("a reported restriction holds: %s", use.slot())
                                .isTrue();
                        assertThat(custody.offer(() -> true, use.slot(), use.signupId(), attempts(custody, use), FJORD)
                                        .toCompletableFuture()
                                        .join())
                                .isInstanceOf(OfferOutcome.Restricted.class);
                    }
                }
                case "B" ->
                    assertThat(awaited(custody.read(use.slot())).map(SlotView::signupId))
                            .contains(use.signupId());
                default -> {
                    assertThat(awaited(custody.key(use.slot(), use.signupId()))).isEmpty();
                    if (step.equals("E")) {
                        int at = (int) SlotLayout.fileOffset(use.slot().slot()) + SlotLayout.KEY_AREA;
                        for (int i = at; i < at + SlotLayout.KEY_AREA_BYTES; i++) {
                            assertThat(bytes[i]).isZero();
                        }
                    }
                }
            }
        });
    }
}
