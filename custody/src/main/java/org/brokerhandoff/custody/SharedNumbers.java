package org.brokerhandoff.custody;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.util.UUID;

/**
 * 64-bit numbers in a mapped part of a file, in the machine's byte order. All processes that have the file open see a change at once and
 * without a system call.
 */
final class SharedNumbers {
    private static final VarHandle LONG = MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());

    private final MappedByteBuffer bytes;

    /** Offsets are multiples of 8 and count from {@code position}. */
    SharedNumbers(FileChannel channel, long position, int length) throws IOException {
        this.bytes = channel.map(FileChannel.MapMode.READ_WRITE, position, length);
    }

    long get(int offset) {
        return (long) LONG.getVolatile(bytes, offset);
    }

    void set(int offset, long value) {
        LONG.setVolatile(bytes, offset, value);
    }

    boolean compareAndSet(int offset, long seen, long next) {
        return LONG.compareAndSet(bytes, offset, seen, next);
    }

    void increment(int offset) {
        var unused = (long) LONG.getAndAdd(bytes, offset, 1L);
    }

    /** Sets the number unless it is that high already. */
    void raise(int offset, long value) {
        long known = get(offset);
        while (value > known && !compareAndSet(offset, known, value)) {
            known = get(offset);
        }
    }

    /** The id in two consecutive numbers. */
    UUID id(int offset) {
        return new UUID(get(offset), get(offset + Long.BYTES));
    }

    /**
     * Sets the id if none is set yet.
     *
     * @return whether the id is this one now
     */
    boolean claim(int offset, UUID id) {
        return claim(offset, id.getMostSignificantBits()) && claim(offset + Long.BYTES, id.getLeastSignificantBits());
    }

    /** Neither half of a random UUID is 0. */
    private boolean claim(int offset, long half) {
        return compareAndSet(offset, 0L, half) || get(offset) == half;
    }

    /** Writes what was changed to the medium; fails with an {@link java.io.UncheckedIOException}. */
    void force() {
        bytes.force();
    }
}
