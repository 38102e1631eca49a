package org.brokerhandoff.custody;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Bytes of one person. They cannot be printed and can be wiped; {@link #expose} is the only way to read
 * them, so that searching for that word finds every use.
 *
 * <p>They are outside the Java heap, where no garbage collector leaves copies of them, and on it only while they are
 * exposed. Equality is identity: comparing contents would be a second way to read them.
 */
public final class PersonalData implements AutoCloseable {
    private static final LongAdder WIPES = new LongAdder();

    private final int length;
    /** Gone when the data was wiped: the piece of memory may be another person's then. */
    private @Nullable ByteBuffer memory;

    private PersonalData(ByteBuffer memory, int length) {
        this.memory = memory;
        this.length = length;
    }

    /** Takes {@code bytes} over: the array is zero afterwards. */
    public static PersonalData takeOver(byte[] bytes) {
        PersonalData data = copyOf(bytes, bytes.length);
        Arrays.fill(bytes, (byte) 0);
        return data;
    }

    /** A copy of the first {@code length} bytes, which stay the caller's to overwrite. */
    static PersonalData copyOf(byte[] bytes, int length) {
        return new PersonalData(NativeMemory.take(length).put(0, bytes, 0, length), length);
    }

    /** Takes a piece over, of which the first {@code length} bytes are the data's. */
    static PersonalData takeOver(ByteBuffer memory, int length) {
        return new PersonalData(memory, length);
    }

    /** Number of bytes; still answered after {@link #wipe}. */
    public int length() {
        return length;
    }

    /** Reads lent bytes. */
    @FunctionalInterface
    public interface Reader<T> {
        /** Reads the first {@code length} bytes; must not keep the array, which may be longer. */
        T read(byte[] bytes, int length);
    }

    /**
     * Lends a copy of the bytes to {@code reader}; it is zero afterwards. A wipe by another thread waits until the reader
     * is done, so that no reader sees half-wiped bytes.
     *
     * @throws IllegalStateException if the bytes were wiped
     */
    public synchronized <T> T expose(Reader<T> reader) {
        if (memory == null) {
            throw new IllegalStateException("personal data was wiped");
        }
        byte[] lent = Scratch.borrow(length);
        try {
            memory.get(0, lent, 0, length);
            return reader.read(lent, length);
        } finally {
            Scratch.giveBack(lent, length);
        }
    }

    /**
     * As {@link #expose(Reader)}, in an array of exactly the data's length. It is made for the purpose, so that a collection at that
     * moment leaves a copy of it behind: the other is the better one.
     */
    public <T> T expose(Function<byte[], T> reader) {
        return expose((bytes, length) -> {
            byte[] exact = Arrays.copyOf(bytes, length);
            try {
                return reader.apply(exact);
            } finally {
                Arrays.fill(exact, (byte) 0);
            }
        });
    }

    /** Overwrites the bytes with zero; repeating it does nothing. */
    public synchronized void wipe() {
        if (memory != null) {
            NativeMemory.giveBack(memory);
            memory = null;
            WIPES.increment();
        }
    }

    /** How many have been wiped in this process so far. */
    public static long wipes() {
        return WIPES.sum();
    }

    /** Whether {@link #wipe} has run. */
    public synchronized boolean wiped() {
        return memory == null;
    }

    /** The same as {@link #wipe}. */
    @Override
    public void close() {
        wipe();
    }

    @Override
    public String toString() {
        return "PersonalData[redacted]";
    }
}
