package org.brokerhandoff.custody;

import java.nio.ByteBuffer;
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
    private static final ThreadLocal<ForgetfulCipher> CIPHER = ThreadLocal.withInitial(ForgetfulCipher::new);
    private static final SecretKey NOTHING = new NothingKey();

    private Aead() {}

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

    /** A cipher that is given a key that protects nothing after each use. For one thread. */
    private static final class ForgetfulCipher {
        private final Cipher cipher;
        private long uses;

        ForgetfulCipher() {
            try {
                cipher = Cipher.getInstance("AES/GCM/NoPadding");
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("every Java platform has AES-GCM", e);
            }
            // With a good key first: a cipher that was first given one that is destroyed never takes another.
            forget();
        }

        /**
         * Replaces what the last use left. For encryption: the JDK's cipher keeps the last key that it encrypted with in order to
         * refuse the same key and nonce twice, hence another nonce each time.
         */
        void forget() {
            byte[] nonce = ByteBuffer.allocate(NONCE_BYTES).putLong(0, ++uses).array();
            try {
                cipher.init(Cipher.ENCRYPT_MODE, NOTHING, new GCMParameterSpec(TAG_BYTES * 8, nonce));
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("AES-GCM refused a key of zeros", e);
            }
        }
    }

    /** Writes nonce, ciphertext and tag of the first {@code length} bytes to {@code target} from {@code at}. */
    static void seal(SecretKey key, byte[] clear, int length, byte[] associatedData, byte[] target, int at) {
        byte[] nonce = new byte[NONCE_BYTES];
        RANDOM.nextBytes(nonce);
        System.arraycopy(nonce, 0, target, at, NONCE_BYTES);
        ForgetfulCipher own = CIPHER.get();
        try {
            own.cipher.init(Cipher.ENCRYPT_MODE, key, new GCMParameterSpec(TAG_BYTES * 8, nonce));
            own.cipher.updateAAD(associatedData);
            own.cipher.doFinal(clear, 0, length, target, at + NONCE_BYTES);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-GCM refused to encrypt", e);
        } finally {
            own.forget();
        }
    }

    /**
     * What {@code reader} makes of the clear bytes, which are zero afterwards; empty if key, associated data or ciphertext are not those
     * of the sealing.
     */
    static <T> Optional<T> open(
            SecretKey key, byte[] sealed, int from, int length, byte[] associatedData, PersonalData.Reader<T> reader) {
        if (length < OVERHEAD_BYTES) {
            return Optional.empty();
        }
        int clearLength = length - OVERHEAD_BYTES;
        ForgetfulCipher own = CIPHER.get();
        byte[] clear = Scratch.borrow(clearLength);
        try {
            own.cipher.init(Cipher.DECRYPT_MODE, key, new GCMParameterSpec(TAG_BYTES * 8, sealed, from, NONCE_BYTES));
            own.cipher.updateAAD(associatedData);
            own.cipher.doFinal(sealed, from + NONCE_BYTES, length - NONCE_BYTES, clear, 0);
            return Optional.of(reader.read(clear, clearLength));
        } catch (AEADBadTagException e) {
            return Optional.empty();
        } catch (InvalidKeyException | InvalidAlgorithmParameterException e) {
            throw new IllegalStateException("AES-GCM refused the key or nonce", e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-GCM refused to decrypt", e);
        } finally {
            Scratch.giveBack(clear, clearLength);
            own.forget();
        }
    }
}
