package org.brokerhandoff.custody;

import java.util.Arrays;
import java.util.Objects;
import java.util.function.Function;

/**
 * Bytes of one person. They cannot be printed and can be wiped; {@link #expose} is the only way to read them, so that
 * every place that does is found by searching for that one word.
 *
 * <p>Equality is identity: comparing contents would be a second way to read them.
 */
public final class PersonalData implements AutoCloseable {
    private final byte[] bytes;
    private boolean wiped;

    private PersonalData(byte[] bytes) {
        this.bytes = bytes;
    }

    /** Takes ownership of {@code bytes} without copying: the caller must not keep or change the array. */
    public static PersonalData takeOver(byte[] bytes) {
        return new PersonalData(Objects.requireNonNull(bytes, "bytes"));
    }

    /** Number of bytes; still answered after {@link #wipe}. */
    public int length() {
        return bytes.length;
    }

    /**
     * Lends the bytes to {@code reader}, which must not keep the array. A wipe by another thread waits until the reader
     * is done, so that nobody sees half-wiped bytes.
     *
     * @throws IllegalStateException if the bytes were wiped
     */
    public synchronized <T> T expose(Function<byte[], T> reader) {
        if (wiped) {
            throw new IllegalStateException("personal data was wiped");
        }
        return reader.apply(bytes);
    }

    /** Overwrites the bytes with zero; repeating it does nothing. */
    public synchronized void wipe() {
        Arrays.fill(bytes, (byte) 0);
        wiped = true;
    }

    /** Whether {@link #wipe} has run. */
    public synchronized boolean wiped() {
        return wiped;
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
