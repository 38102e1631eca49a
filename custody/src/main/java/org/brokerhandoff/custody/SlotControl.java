package org.brokerhandoff.custody;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.util.UUID;

/** The numbers of a slot file that change while it is in use: the second block of the header region, mapped. */
final class SlotControl {
    private static final VarHandle LONG = MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());

    private static final int SERIAL = 0;
    private static final int SESSION = 8;
    private static final int CHUNKS = 16;
    private static final int KEYSET_HIGH = 24;
    private static final int KEYSET_LOW = 32;

    private final ByteBuffer block;

    SlotControl(FileChannel channel) throws IOException {
        this.block = channel.map(FileChannel.MapMode.READ_WRITE, SlotLayout.BLOCK_BYTES, SlotLayout.BLOCK_BYTES);
    }

    /** Grows with every sync of every process: an older copy of the file has a lower one. */
    long serial() {
        return (long) LONG.getVolatile(block, SERIAL);
    }

    boolean raiseSerial(long seen, long next) {
        return LONG.compareAndSet(block, SERIAL, seen, next);
    }

    /** Changes when a process opens the file and finds that it is an older copy: those that had it open before notice. */
    long session() {
        return (long) LONG.getVolatile(block, SESSION);
    }

    void changeSession(long session) {
        LONG.setVolatile(block, SESSION, session);
    }

    /** Chunks that the file has had: it never becomes smaller. */
    long chunks() {
        return (long) LONG.getVolatile(block, CHUNKS);
    }

    void raiseChunks(long chunks) {
        long known = chunks();
        while (chunks > known && !LONG.compareAndSet(block, CHUNKS, known, chunks)) {
            known = chunks();
        }
    }

    /**
     * Ties the file to a keyset, for good.
     *
     * @return whether it is that keyset's now
     */
    boolean tiedTo(UUID keyset) {
        return tied(KEYSET_HIGH, keyset.getMostSignificantBits()) && tied(KEYSET_LOW, keyset.getLeastSignificantBits());
    }

    UUID keyset() {
        return new UUID((long) LONG.getVolatile(block, KEYSET_HIGH), (long) LONG.getVolatile(block, KEYSET_LOW));
    }

    /** Neither half of a random UUID is 0. */
    private boolean tied(int offset, long half) {
        return LONG.compareAndSet(block, offset, 0L, half) || (long) LONG.getVolatile(block, offset) == half;
    }
}
