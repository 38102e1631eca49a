package org.brokerhandoff.custody;

import java.io.NotSerializableException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.SecretKey;
import org.jspecify.annotations.Nullable;

/**
 * A 256-bit AES key that can be destroyed (its bytes become zero) and cannot be printed.
 *
 * <p>Its bytes are outside the Java heap, where no garbage collector leaves copies of them. Equality is identity.
 * {@link #getEncoded} returns a copy, because the JDK's ciphers call it; they overwrite it.
 */
public final class DataKey implements SecretKey {
    /** Length in bytes. */
    public static final int LENGTH_BYTES = 32;

    private static final long serialVersionUID = 1L;

    /** Null once the key is destroyed: the block of memory may then belong to another key. */
    private transient @Nullable ByteBuffer memory;

    private DataKey(ByteBuffer memory) {
        this.memory = memory;
    }

    /** A new key from {@code random}. */
    public static DataKey random(SecureRandom random) {
        byte[] bytes = new byte[LENGTH_BYTES];
        random.nextBytes(bytes);
        return takeOver(bytes);
    }

    /**
     * Takes over 32 bytes: the array is zero afterwards.
     *
     * @throws IllegalArgumentException if there are not 32
     */
    public static DataKey takeOver(byte[] bytes) {
        DataKey key = copyOf(bytes, bytes.length);
        Arrays.fill(bytes, (byte) 0);
        return key;
    }

    /** A copy of the 32 bytes at the beginning of {@code source}, which stay the caller's to overwrite; none is on the Java heap. */
    public static DataKey copyOf(ByteBuffer source) {
        DataKey key = new DataKey(NativeMemory.take(LENGTH_BYTES));
        key.inMemory().put(0, source, 0, LENGTH_BYTES);
        return key;
    }

    /** A copy of 32 bytes, which stay the caller's to overwrite. */
    static DataKey copyOf(byte[] bytes, int length) {
        if (length != LENGTH_BYTES) {
            throw new IllegalArgumentException("a data key has 32 bytes, not " + length);
        }
        return new DataKey(NativeMemory.take(LENGTH_BYTES).put(0, bytes, 0, LENGTH_BYTES));
    }

    @Override
    public String getAlgorithm() {
        return "AES";
    }

    @Override
    public String getFormat() {
        return "RAW";
    }

    /**
     * A copy of the key's bytes, for the caller to overwrite.
     *
     * @throws IllegalStateException if the key was destroyed
     */
    @Override
    public synchronized byte[] getEncoded() {
        byte[] copy = new byte[LENGTH_BYTES];
        inMemory().get(0, copy);
        return copy;
    }

    /** Copies the key's bytes to the beginning of {@code target}, for the caller to overwrite. */
    synchronized void copyTo(byte[] target) {
        inMemory().get(0, target, 0, LENGTH_BYTES);
    }

    /**
     * Copies the key's bytes to the beginning of {@code target}, for the caller to overwrite.
     *
     * @param target outside the Java heap, where no garbage collector leaves copies
     * @throws IllegalStateException if the key was destroyed
     */
    public synchronized void copyTo(ByteBuffer target) {
        target.put(0, inMemory(), 0, LENGTH_BYTES);
    }

    private ByteBuffer inMemory() {
        if (memory == null) {
            throw new IllegalStateException("the key was destroyed");
        }
        return memory;
    }

    /** Overwrites the key with zero; repeating it does nothing. */
    @Override
    public synchronized void destroy() {
        if (memory != null) {
            NativeMemory.giveBack(memory);
            memory = null;
        }
    }

    @Override
    public synchronized boolean isDestroyed() {
        return memory == null;
    }

    @Override
    public String toString() {
        return "DataKey[redacted]";
    }

    private void writeObject(ObjectOutputStream out) throws NotSerializableException {
        throw new NotSerializableException("DataKey");
    }

    private void readObject(ObjectInputStream in) throws NotSerializableException {
        throw new NotSerializableException("DataKey");
    }
}
