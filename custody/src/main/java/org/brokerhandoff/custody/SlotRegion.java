package org.brokerhandoff.custody;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.util.Arrays;

/**
 * The mapped slots. Every write of a field is a compare-and-set against the value seen before: a thread that was stopped
 * for long in the middle of a change (by a debugger, {@code SIGSTOP}, a collection) and wakes up after the slot was
 * given to someone else then changes nothing there.
 *
 * <p>Mappings live until the garbage collector finds them unreachable; the JDK has no earlier way that is safe.
 */
final class SlotRegion {
    private static final VarHandle LONG = MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());

    private final FileChannel channel;
    private final int chunkSlots;
    private final int chunkShift;
    private volatile ByteBuffer[] chunks = new ByteBuffer[0];

    /** @param chunkSlots a power of two, because every access of a slot divides by it */
    SlotRegion(FileChannel channel, int chunkSlots) throws IOException {
        this.channel = channel;
        this.chunkSlots = chunkSlots;
        this.chunkShift = Integer.numberOfTrailingZeros(chunkSlots);
        mapNewChunks();
    }

    /** Slots mapped so far. */
    int slots() {
        return chunks.length * chunkSlots;
    }

    /** Maps what another process may have added; the answer is as {@link #slots}. */
    int refreshed() {
        try {
            mapNewChunks();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot map the slot file", e);
        }
        return slots();
    }

    private void mapNewChunks() throws IOException {
        if (chunksInFile() > chunks.length) {
            synchronized (this) {
                int inFile = chunksInFile();
                int mapped = chunks.length;
                if (inFile > mapped) {
                    ByteBuffer[] grown = Arrays.copyOf(chunks, inFile);
                    for (int i = mapped; i < inFile; i++) {
                        grown[i] = channel.map(
                                FileChannel.MapMode.READ_WRITE,
                                SlotLayout.fileOffset(i * chunkSlots),
                                (long) chunkSlots * SlotLayout.SLOT_BYTES);
                    }
                    chunks = grown;
                }
            }
        }
    }

    /** Whole chunks only: one that is being written, or whose writer died, does not count. */
    private int chunksInFile() throws IOException {
        long bytes = channel.size() - SlotLayout.HEADER_BYTES;
        return (int) Math.max(0, bytes / ((long) chunkSlots * SlotLayout.SLOT_BYTES));
    }

    /** Whether the slot exists, also if another process made it. */
    boolean has(int slot) {
        return slot < slots() || slot < refreshed();
    }

    long word(int slot) {
        return (long) LONG.getAcquire(chunks[slot >> chunkShift], base(slot));
    }

    boolean changeWord(int slot, long seen, long next) {
        return LONG.compareAndSet(chunks[slot >> chunkShift], base(slot), seen, next);
    }

    long field(int slot, int offset) {
        return (long) LONG.getOpaque(chunks[slot >> chunkShift], base(slot) + offset);
    }

    boolean changeField(int slot, int offset, long seen, long next) {
        return LONG.compareAndSet(chunks[slot >> chunkShift], base(slot) + offset, seen, next);
    }

    /** All fields after the state word, in file order. */
    long[] fields(int slot) {
        long[] fields = new long[SlotLayout.FIELDS];
        for (int i = 0; i < fields.length; i++) {
            fields[i] = field(slot, SlotLayout.SIGNUP_ID_HIGH + i * Long.BYTES);
        }
        return fields;
    }

    /** Replaces all fields if they are as seen; otherwise takes back what it had replaced. */
    boolean changeFields(int slot, long[] seen, long[] next) {
        for (int i = 0; i < seen.length; i++) {
            if (!changeField(slot, SlotLayout.SIGNUP_ID_HIGH + i * Long.BYTES, seen[i], next[i])) {
                while (--i >= 0) {
                    changeField(slot, SlotLayout.SIGNUP_ID_HIGH + i * Long.BYTES, next[i], seen[i]);
                }
                return false;
            }
        }
        return true;
    }

    /** Rewrites what the slot says, so that its page is written by the next sync, whatever became of an earlier one. */
    void touch(int slot) {
        long[] fields = fields(slot);
        changeFields(slot, fields, fields);
        long word = word(slot);
        changeWord(slot, word, word);
    }

    /** Overwrites the key with zero, as long as the state word is as seen but for the recorded flag. */
    void overwriteKey(int slot, long seenWord) {
        for (int offset = 0; offset < SlotLayout.KEY_AREA_BYTES; offset += Long.BYTES) {
            long value;
            do {
                value = field(slot, SlotLayout.KEY_AREA + offset);
                VarHandle.acquireFence(); // the value belongs to the generation that the word read after it shows
                if (value == 0 || !StateWord.equalButForRecorded(word(slot), seenWord)) {
                    break;
                }
            } while (!changeField(slot, SlotLayout.KEY_AREA + offset, value, 0));
        }
    }

    /** Whether the key area is zero. */
    boolean keyOverwritten(int slot) {
        for (int offset = 0; offset < SlotLayout.KEY_AREA_BYTES; offset += Long.BYTES) {
            if (field(slot, SlotLayout.KEY_AREA + offset) != 0) {
                return false;
            }
        }
        return true;
    }

    /** The bytes of the key area: wrapped key, then epoch number in the machine's order. */
    byte[] keyArea(int slot) {
        ByteBuffer bytes = ByteBuffer.allocate(SlotLayout.KEY_AREA_BYTES).order(ByteOrder.nativeOrder());
        for (int offset = 0; offset < SlotLayout.KEY_AREA_BYTES; offset += Long.BYTES) {
            bytes.putLong(field(slot, SlotLayout.KEY_AREA + offset));
        }
        return bytes.array();
    }

    private int base(int slot) {
        return (slot & (chunkSlots - 1)) * SlotLayout.SLOT_BYTES;
    }

    /** Whether a slot is in use. Erased ones count: they may be an older copy's that expired before the comparison, and be purged already. */
    boolean anyOccupied() {
        int slots = slots();
        for (int slot = 0; slot < slots; slot++) {
            if (StateWord.occupied(word(slot))) {
                return true;
            }
        }
        return false;
    }
}
