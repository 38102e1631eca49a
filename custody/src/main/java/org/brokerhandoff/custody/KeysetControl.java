package org.brokerhandoff.custody;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.util.UUID;

/** The numbers of a keyset file that change while it is in use: in its first block, behind the header, mapped. */
final class KeysetControl {
    private static final int CURRENT_EPOCH = 64;
    private static final int VERSION = 72;
    private static final int SLOT_FILE_SERIAL = 80;
    private static final int SLOT_FILE_ID = 88;

    private final SharedNumbers numbers;

    KeysetControl(FileChannel channel) throws IOException {
        this.numbers = new SharedNumbers(channel, 0, KeyBlocks.BLOCK_BYTES);
    }

    /** Writes the numbers of a new keyset to the content of its file. */
    static void begin(ByteBuffer content, int epoch) {
        content.duplicate()
                .order(ByteOrder.nativeOrder())
                .putLong(CURRENT_EPOCH, epoch)
                .putLong(VERSION, 1);
    }

    int currentEpoch() {
        return (int) numbers.get(CURRENT_EPOCH);
    }

    /** Returns when it is on the medium; fails with an {@link java.io.UncheckedIOException}. */
    void makeCurrent(int epoch) {
        numbers.set(CURRENT_EPOCH, epoch);
        numbers.force();
    }

    /** Grows with every change of a key block. */
    long version() {
        return numbers.get(VERSION);
    }

    /** Called after the change that it announces, so that a process that sees it reads at least that change. */
    void blocksChanged() {
        numbers.increment(VERSION);
    }

    /** The highest serial number that the slot file is known to have had. */
    long slotFileSerial() {
        return numbers.get(SLOT_FILE_SERIAL);
    }

    void raiseSlotFileSerial(long serial) {
        numbers.raise(SLOT_FILE_SERIAL, serial);
    }

    /**
     * Ties the keyset to a slot file, permanently; durable when it returns true.
     *
     * @return whether it is tied to that slot file now
     */
    boolean tiedTo(UUID slotFile) {
        boolean tied = numbers.claim(SLOT_FILE_ID, slotFile);
        if (tied) {
            numbers.force();
        }
        return tied;
    }

    UUID slotFile() {
        return numbers.id(SLOT_FILE_ID);
    }
}
