package org.brokerhandoff.custody;

import java.io.NotSerializableException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.SecretKey;

/**
 * A 256-bit AES key that can be destroyed (its bytes become zero) and does not print.
 *
 * <p>Equality is identity. {@link #getEncoded} hands out a copy, because that is what the JDK's ciphers call; copies
 * that a cipher keeps are outside this class's reach.
 */
public final class DataKey implements SecretKey {
    /** Length in bytes. */
    public static final int LENGTH_BYTES = 32;

    private static final long serialVersionUID = 1L;

    @SuppressWarnings("serial") // never written: writeObject refuses
    private final transient byte[] bytes;

    private transient boolean destroyed;

    private DataKey(byte[] bytes) {
        if (bytes.length != LENGTH_BYTES) {
            throw new IllegalArgumentException("a data key has 32 bytes, not " + bytes.length);
        }
        this.bytes = bytes;
    }

    /** A new key from {@code random}. */
    public static DataKey random(SecureRandom random) {
        byte[] bytes = new byte[LENGTH_BYTES];
        random.nextBytes(bytes);
        return new DataKey(bytes);
    }

    /**
     * Takes ownership of 32 bytes without copying: the caller must not keep or change the array.
     *
     * @throws IllegalArgumentException if there are not 32
     */
    public static DataKey takeOver(byte[] bytes) {
        return new DataKey(bytes);
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
     * A copy of the key's bytes.
     *
     * @throws IllegalStateException if the key was destroyed
     */
    @Override
    public synchronized byte[] getEncoded() {
        if (destroyed) {
            throw new IllegalStateException("the key was destroyed");
        }
        return bytes.clone();
    }

    /** Overwrites the key with zero; repeating it does nothing. */
    @Override
    public synchronized void destroy() {
        Arrays.fill(bytes, (byte) 0);
        destroyed = true;
    }

    @Override
    public synchronized boolean isDestroyed() {
        return destroyed;
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
