package org.brokerhandoff.custody;

import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Objects;

/**
 * Collects a person's bytes outside the Java heap and leaves no copy behind: neither when it grows nor when it hands them over. For
 * one thread at a time.
 */
public final class PersonalDataBuffer extends OutputStream {
    private ByteBuffer memory;
    private int length;
    private boolean ended;

    /** A buffer that grows; {@code capacity} bytes fit without. */
    public PersonalDataBuffer(int capacity) {
        memory = NativeMemory.take(capacity);
    }

    /** Number of bytes written. */
    public int length() {
        return length;
    }

    @Override
    public void write(int b) {
        ensure(1);
        memory.put(length++, (byte) b);
    }

    @Override
    public void write(byte[] source, int offset, int count) {
        ensure(count);
        memory.put(length, source, offset, count);
        length += count;
    }

    /** Appends what remains of {@code source}. */
    public void write(ByteBuffer source) {
        int count = source.remaining();
        ensure(count);
        memory.put(length, source, source.position(), count);
        length += count;
    }

    /**
     * The bytes; this object has none afterwards and takes none.
     *
     * @throws IllegalStateException if they were handed over or wiped
     */
    public PersonalData handOver() {
        ensure(0);
        ended = true;
        return PersonalData.takeOver(memory, length);
    }

    /** Overwrites the bytes with zero, unless they were handed over; takes none afterwards. Repeating it does nothing. */
    public void wipe() {
        if (!ended) {
            ended = true;
            NativeMemory.giveBack(memory);
        }
    }

    /** The same as {@link #wipe}. */
    @Override
    public void close() {
        wipe();
    }

    private void ensure(int more) {
        if (ended) {
            throw new IllegalStateException("the bytes were handed over or wiped");
        }
        if (Objects.checkIndex(more, Integer.MAX_VALUE) > memory.capacity() - length) {
            ByteBuffer larger = NativeMemory.take(Math.max(memory.capacity() * 2, Math.addExact(length, more)));
            larger.put(0, memory, 0, length);
            NativeMemory.giveBack(memory);
            memory = larger;
        }
    }

    @Override
    public String toString() {
        return "PersonalDataBuffer[redacted]";
    }
}
