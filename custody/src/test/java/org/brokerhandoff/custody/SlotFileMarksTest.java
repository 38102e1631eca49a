package org.brokerhandoff.custody;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** From where a start reads the log: the mark in the slot file, whole, half-written, put back, or too new to be this file's. */
class SlotFileMarksTest {
    private static final Instant NOW = Instant.parse("2026-11-28T13:00:00Z");
    private static final Duration HOLD = Duration.ofHours(2);
    /** Where the two areas are, and how long each is. */
    private static final int FIRST_AREA = 8_192;

    private static final int AREA_BYTES = 28_672;

    @TempDir
    Path directory;

    private Path file;
    private Optional<byte[]> asked = Optional.empty();
    private int readings;

    @BeforeEach
    void a_file_with_a_held_slot() {
        file = directory.resolve("slots");
        try (SlotFile custody = open()) {
            hold(custody);
        }
    }

    private SlotFile open() {
        return SlotFile.open(
                new CustodySettings(file, 64, 64),
                FileKeyset.openOrCreate(directory.resolve("keyset")),
                InstantSource.fixed(NOW));
    }

    private static void hold(SlotFile custody) {
        try {
            var unused = custody.hold(UUID.randomUUID(), NOW.plusSeconds(3600))
                    .toCompletableFuture()
                    .get(30, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private SlotFile serving() {
        SlotFile custody = open();
        var unused = custody.serveKeysAfter(
                (signups, mark, handler) -> {
                    asked = mark;
                    readings++;
                },
                HOLD);
        return custody;
    }

    private Optional<String> markAtStart() {
        int before = readings;
        serving().close();
        assertThat(readings).as("a slot is in use, so the log is read").isEqualTo(before + 1);
        return asked.map(bytes -> new String(bytes, StandardCharsets.UTF_8));
    }

    private void mark(String... marks) {
        try (SlotFile custody = serving()) {
            for (String mark : marks) {
                custody.mark(mark.getBytes(StandardCharsets.UTF_8));
            }
        }
    }

    @Test
    void a_start_is_given_the_last_mark() {
        assertThat(markAtStart()).isEmpty();
        mark("first");
        assertThat(markAtStart()).contains("first");
        mark("second", "third", "a longer one than those before it", "4");
        assertThat(markAtStart()).contains("4");
    }

    @Test
    void a_mark_of_two_processes_is_the_last_one_that_was_written() {
        try (SlotFile ingest = serving();
                SlotFile router = serving()) {
            for (int i = 0; i < 20; i++) {
                ingest.mark(("ingest " + i).getBytes(StandardCharsets.UTF_8));
                router.mark(("router " + i).getBytes(StandardCharsets.UTF_8));
            }
        }
        assertThat(markAtStart()).contains("router 19");
    }

    /** What a process leaves that dies after so many bytes of a mark: the mark before it counts, or the whole new one. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 7, 8, 15, 16, 24, 27, 28, 29, 33, 34})
    void a_process_that_dies_in_the_middle_of_a_mark_leaves_the_one_before(int bytesWritten) throws Exception {
        mark("first", "second");
        byte[] before = Files.readAllBytes(file);
        mark("third!");
        byte[] after = Files.readAllBytes(file);
        int area = FIRST_AREA;
        assertThat(Arrays.mismatch(
                        Arrays.copyOfRange(before, area, area + AREA_BYTES),
                        Arrays.copyOfRange(after, area, area + AREA_BYTES)))
                .as("the third is written over the first")
                .isNotNegative();
        byte[] torn = after.clone();
        System.arraycopy(before, area + bytesWritten, torn, area + bytesWritten, AREA_BYTES - bytesWritten);
        Files.write(file, torn);
        assertThat(markAtStart()).contains(bytesWritten < 34 ? "second" : "third!");
        mark("fourth");
        assertThat(markAtStart()).contains("fourth");
    }

    @Test
    void a_damaged_mark_does_not_count_and_is_written_over() throws Exception {
        mark("first", "second");
        for (int area = 0; area < 2; area++) {
            flip(FIRST_AREA + area * AREA_BYTES + 29);
        }
        assertThat(markAtStart()).isEmpty();
        mark("third");
        assertThat(markAtStart()).contains("third");
    }

    @Test
    void lengths_that_cannot_be_are_no_marks() throws Exception {
        mark("first", "second");
        byte[] bytes = Files.readAllBytes(file);
        for (int area = 0; area < 2; area++) {
            Arrays.fill(bytes, FIRST_AREA + area * AREA_BYTES + 24, FIRST_AREA + area * AREA_BYTES + 28, (byte) 0x7F);
        }
        Files.write(file, bytes);
        assertThat(markAtStart()).isEmpty();
    }

    @Test
    void an_older_copy_of_file_and_keyset_brings_its_own_older_mark() throws Exception {
        mark("before the copy");
        byte[] slots = Files.readAllBytes(file);
        byte[] keyset = Files.readAllBytes(directory.resolve("keyset"));
        try (SlotFile custody = serving()) {
            hold(custody);
            custody.mark("after the copy".getBytes(StandardCharsets.UTF_8));
        }
        Files.write(file, slots);
        Files.write(directory.resolve("keyset"), keyset);
        assertThat(markAtStart()).contains("before the copy");
    }

    @Test
    void a_file_that_is_known_to_be_an_older_copy_is_compared_without_any_mark() throws Exception {
        mark("before the copy");
        byte[] slots = Files.readAllBytes(file);
        try (SlotFile custody = serving()) {
            hold(custody);
        }
        Files.write(file, slots);
        assertThat(markAtStart()).isEmpty();
    }

    /** As a copying that mixes two ages of the file leaves it. */
    @Test
    void a_mark_that_knows_a_later_serial_number_than_the_file_has_does_not_count() throws Exception {
        byte[] slots = Files.readAllBytes(file);
        byte[] keyset = Files.readAllBytes(directory.resolve("keyset"));
        try (SlotFile custody = serving()) {
            hold(custody);
            custody.mark("after the copy".getBytes(StandardCharsets.UTF_8));
        }
        byte[] mixed = Files.readAllBytes(file);
        System.arraycopy(slots, 0, mixed, 0, FIRST_AREA);
        int afterMarks = FIRST_AREA + 2 * AREA_BYTES;
        System.arraycopy(slots, afterMarks, mixed, afterMarks, slots.length - afterMarks);
        Files.write(file, mixed);
        Files.write(directory.resolve("keyset"), keyset);
        assertThat(markAtStart()).isEmpty();
    }

    @Test
    void nothing_is_marked_before_the_slots_were_compared() {
        mark("first");
        try (SlotFile custody = open()) {
            custody.mark("not compared".getBytes(StandardCharsets.UTF_8));
        }
        assertThat(markAtStart()).contains("first");
    }

    @Test
    void a_mark_that_has_no_room_is_not_kept() {
        mark("first");
        try (SlotFile custody = serving()) {
            custody.mark(new byte[AREA_BYTES]);
        }
        assertThat(markAtStart()).contains("first");
        try (SlotFile custody = serving()) {
            custody.mark(new byte[SlotFileMarks.MOST_BYTES]);
        }
        assertThat(asked).isPresent();
        assertThat(markAtStart().orElseThrow()).hasSize(SlotFileMarks.MOST_BYTES);
    }

    @Test
    void marks_change_no_slot() throws Exception {
        byte[] before = Files.readAllBytes(file);
        mark("first", "second", "third");
        byte[] after = Files.readAllBytes(file);
        int slots = 64 * 1024;
        assertThat(Arrays.copyOfRange(after, slots, after.length))
                .isEqualTo(Arrays.copyOfRange(before, slots, before.length));
        assertThat(Arrays.copyOf(after, 4_096)).isEqualTo(Arrays.copyOf(before, 4_096));
    }

    private void flip(int offset) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        bytes[offset] ^= 1;
        Files.write(file, bytes);
    }
}
