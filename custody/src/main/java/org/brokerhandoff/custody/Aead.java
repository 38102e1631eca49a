package org.brokerhandoff.custody;

import java.security.GeneralSecurityException;
import java.security.InvalidAlgorithmParameterException;
import java.security.InvalidKeyException;
import java.security.SecureRandom;
import java.util.Optional;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;

/**
 * AES-256-GCM with a random 12-byte nonce in front of the ciphertext and a 16-byte tag behind it.
 *
 * <p>One cipher per thread: making one costs more than using it. A cipher keeps the key schedule of its last use until the next, so
 * after each use it is given a key that protects nothing.
 */
final class Aead {
    static final int NONCE_BYTES = 12;
    static final int TAG_BYTES = 16;
    static final int OVERHEAD_BYTES = NONCE_BYTES + TAG_BYTES;

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final ThreadLocal<Cipher> CIPHER = ThreadLocal.withInitial(Aead::newCipher);

    private Aead() {}

    private static final GCMParameterSpec NOTHING_NONCE = new GCMParameterSpec(TAG_BYTES * 8, new byte[NONCE_BYTES]);
    private static final SecretKey NOTHING = new NothingKey();

    /** A key that protects nothing: thirty-two zeros. The JDK's own class for keys cannot be destroyed and copies its bytes. */
    private static final class NothingKey implements SecretKey {
        private static final long serialVersionUID = 1L;

        @Override
        public String getAlgorithm() {
            return "AES";
        }

        @Override
        public String getFormat() {
            return "RAW";
        }

        @Override
        public byte[] getEncoded() {
            return new byte[DataKey.LENGTH_BYTES];
        }
    }

    /** Writes nonce, ciphertext and tag to {@code target} from {@code at}. */
    static void seal(SecretKey key, byte[] clear, byte[] associatedData, byte[] target, int at) {
        byte[] nonce = new byte[NONCE_BYTES];
        RANDOM.nextBytes(nonce);
        System.arraycopy(nonce, 0, target, at, NONCE_BYTES);
        Cipher cipher = CIPHER.get();
        try {
            cipher.init(Cipher.ENCRYPT_MODE, key, new GCMParameterSpec(TAG_BYTES * 8, nonce));
            cipher.updateAAD(associatedData);
            cipher.doFinal(clear, 0, clear.length, target, at + NONCE_BYTES);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-GCM refused to encrypt", e);
        } finally {
            forget(cipher);
        }
    }

    /** The clear bytes; empty if key, associated data or ciphertext are not those of the sealing. */
    static Optional<byte[]> open(SecretKey key, byte[] sealed, int from, int length, byte[] associatedData) {
        if (length < OVERHEAD_BYTES) {
            return Optional.empty();
        }
        Cipher cipher = CIPHER.get();
        try {
            cipher.init(Cipher.DECRYPT_MODE, key, new GCMParameterSpec(TAG_BYTES * 8, sealed, from, NONCE_BYTES));
            cipher.updateAAD(associatedData);
            return Optional.of(cipher.doFinal(sealed, from + NONCE_BYTES, length - NONCE_BYTES));
        } catch (AEADBadTagException e) {
            return Optional.empty();
        } catch (InvalidKeyException | InvalidAlgorithmParameterException e) {
            throw new IllegalStateException("AES-GCM refused the key or nonce", e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-GCM refused to decrypt", e);
        } finally {
            forget(cipher);
        }
    }

    /** Replaces the key schedule of the last use. For decryption: encryption would refuse the same key and nonce twice. */
    private static void forget(Cipher cipher) {
        try {
            cipher.init(Cipher.DECRYPT_MODE, NOTHING, NOTHING_NONCE);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-GCM refused a key of zeros", e);
        }
    }

    private static Cipher newCipher() {
        try {
            return Cipher.getInstance("AES/GCM/NoPadding");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has AES-GCM", e);
        }
    }
}
