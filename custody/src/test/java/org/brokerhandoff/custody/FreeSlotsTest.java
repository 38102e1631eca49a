package org.brokerhandoff.custody;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FreeSlotsTest {
    private static final int SLOTS = 8192;

    @TempDir
    Path directory;

    @Test
    void a_process_that_frees_slots_and_never_holds_any_does_not_remember_them_all() throws Exception {
        try (FileChannel channel = FileChannel.open(
                directory.resolve("slots"),
                StandardOpenOption.CREATE_NEW,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE)) {
            PrivateFile.writeFully(channel, ByteBuffer.allocate((int) SlotLayout.fileBytes(SLOTS)), 0);
            try (FreeSlots free = new FreeSlots(new SlotRegion(channel, SLOTS), SLOTS, SLOTS, seen -> false)) {
                for (int round = 0; round < 3; round++) {
                    for (int slot = 0; slot < SLOTS; slot++) {
                        free.freed(slot);
                    }
                }
                assertThat(free.freedCount()).isEqualTo(4096);
                free.fill();
                for (int taken = 0; taken < SLOTS; taken++) {
                    assertThat(free.take()).isNotNegative();
                }
            }
        }
    }
}
