package org.brokerhandoff.custody;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SlotRegionTest {
    private static final int SLOTS = 256;
    private static final int SLOT = 5;

    @TempDir
    Path directory;

    private Path file;
    private FileChannel channel;
    private SlotRegion region;

    @BeforeEach
    void create() throws IOException {
        file = directory.resolve("slots");
        channel = FileChannel.open(
                file, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE);
        channel.write(ByteBuffer.allocate(SlotLayout.HEADER_BYTES + SLOTS * SlotLayout.SLOT_BYTES), 0);
        region = new SlotRegion(channel, SLOTS);
    }

    @AfterEach
    void close() throws IOException {
        channel.close();
    }

    private static long[] fieldsOf(int generation) {
        byte[] keyArea = new byte[SlotLayout.KEY_AREA_BYTES];
        Arrays.fill(keyArea, (byte) (0x10 + generation));
        return SlotLayout.heldFields(new SlotReference(SLOT, generation), UUID.randomUUID(), 42L + generation, keyArea);
    }

    @Test
    void a_claimer_that_wakes_up_late_does_not_touch_the_next_ones_slot() {
        long[] seenByTheFirst = region.fields(SLOT);
        long[] next = fieldsOf(2);
        assertThat(region.changeFields(SLOT, seenByTheFirst, next)).isTrue();
        assertThat(region.changeFields(SLOT, seenByTheFirst, fieldsOf(1))).isFalse();
        assertThat(region.fields(SLOT)).isEqualTo(next);
    }

    @Test
    void an_eraser_that_wakes_up_late_does_not_overwrite_the_next_ones_key() {
        long held = StateWord.held(StateWord.claimed(1));
        long[] next = fieldsOf(2);
        region.changeWord(SLOT, 0, held);
        region.changeFields(SLOT, region.fields(SLOT), next);
        long ofTheEarlierUse = StateWord.erasing(StateWord.held(1), EraseReason.WITHDRAWN);
        region.overwriteKey(SLOT, ofTheEarlierUse);
        assertThat(region.fields(SLOT)).isEqualTo(next);

        long erasing = StateWord.erasing(held, EraseReason.WITHDRAWN);
        region.changeWord(SLOT, held, StateWord.withRecorded(erasing));
        region.overwriteKey(SLOT, erasing);
        assertThat(region.keyArea(SLOT)).containsOnly(0);
        assertThat(region.field(SLOT, SlotLayout.SIGNUP_ID_HIGH)).isEqualTo(next[0]);
    }

    @Test
    void the_read_back_names_every_slot_that_is_not_zero_and_no_other() throws IOException {
        try (ZeroCheck check = new ZeroCheck(file, channel)) {
            int[] all = new int[SLOTS];
            Arrays.setAll(all, slot -> SLOTS - 1 - slot);
            assertThat(check.notZero(all)).isEmpty();
            region.changeField(0, SlotLayout.KEY_AREA, 0, 1);
            region.changeField(33, SlotLayout.KEY_AREA + 56, 0, 1L << 63);
            region.changeField(255, SlotLayout.KEY_AREA + 24, 0, 256);
            // Neighbours of the key area do not count.
            region.changeField(7, SlotLayout.POSITION, 0, -1);
            region.changeField(7, SlotLayout.ERASED_AT, 0, -1);
            channel.force(false);
            assertThat(check.notZero(all)).containsExactly(0, 33, 255);
            assertThat(check.notZero(new int[] {1, 33})).containsExactly(33);
            assertThat(check.notZero(new int[] {1, 254})).isEmpty();
        }
    }

    @Test
    void a_key_that_does_not_read_back_as_zero_fails_the_custody() throws Exception {
        region.changeField(SLOT, SlotLayout.KEY_AREA, 0, 1);
        try (ZeroCheck check = new ZeroCheck(file, channel);
                SyncGroup group = new SyncGroup(() -> channel.force(false), check, Duration.ZERO)) {
            assertThat(group.syncedAndReadBack(SLOT, slot -> false, readBack -> "someone else's by now")
                            .get(30, TimeUnit.SECONDS))
                    .startsWith("someone");
            assertThat(group.failed()).isFalse();
            assertThatThrownBy(() -> group.syncedAndReadBack(SLOT, slot -> true, readBack -> "erased")
                            .get(30, TimeUnit.SECONDS))
                    .isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(CustodyException.class)
                    .hasRootCauseMessage("slot 5 was overwritten and synced, but does not read as zero");
            assertThat(group.failed()).isTrue();
            assertThat(group.refusal()).isNotNull();
        }
    }
}
