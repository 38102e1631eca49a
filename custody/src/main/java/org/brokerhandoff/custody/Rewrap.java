package org.brokerhandoff.custody;

import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;

/**
 * Rewrapping a data key without a second copy of it anywhere.
 *
 * <p>The 64 bytes of a key area are replaced by eight compare-and-sets, so a reader, or a crash, can meet any mixture of
 * the old and the new words. A journal would make that safe, and would be one more place from which an erasure has to
 * remove the key. Instead the new wrapping keeps the nonce of the old one (it is random, and new together with another
 * key): every word of the mixture is then that word of the one or of the other wrapping of the same 32 bytes, and as long
 * as both epoch keys exist, trying the 32 combinations of the five words that the ciphertext touches finds the one that
 * the words of the tag confirm.
 */
final class Rewrap {
    private static final int CIPHERTEXT = Aead.NONCE_BYTES;
    private static final int TAG = CIPHERTEXT + DataKey.LENGTH_BYTES;

    /** The ciphertext bytes 12 to 43 lie in the words 1 to 5 of the key area. */
    private static final int FIRST_CIPHERTEXT_WORD = CIPHERTEXT / Long.BYTES;

    private static final int CIPHERTEXT_WORDS = (TAG - 1) / Long.BYTES - FIRST_CIPHERTEXT_WORD + 1;

    private Rewrap() {}

    /** A key area without its epoch number, sealed with the nonce of {@code keyArea}. */
    static byte[] sealWithNonceOf(byte[] keyArea, SecretKey epochKey, DataKey key, byte[] associatedData) {
        byte[] clear = key.getEncoded();
        try {
            return seal(keyArea, epochKey, clear, associatedData);
        } finally {
            Arrays.fill(clear, (byte) 0);
        }
    }

    /**
     * The clear key of a mixture of two wrappings with one nonce; empty if it is none.
     *
     * @param named key of the epoch that the area's last word names: the tag's bytes in that word are that epoch's
     */
    static Optional<byte[]> openMixed(byte[] keyArea, SecretKey named, SecretKey other, byte[] associatedData) {
        byte[] zeros = new byte[DataKey.LENGTH_BYTES];
        byte[] namedStream = seal(keyArea, named, zeros, associatedData);
        byte[] otherStream = seal(keyArea, other, zeros, associatedData);
        byte[] clear = new byte[DataKey.LENGTH_BYTES];
        try {
            for (int others = 0; others < 1 << CIPHERTEXT_WORDS; others++) {
                for (int i = 0; i < DataKey.LENGTH_BYTES; i++) {
                    int at = CIPHERTEXT + i;
                    byte[] stream = ofOther(others, at) ? otherStream : namedStream;
                    clear[i] = (byte) (keyArea[at] ^ stream[at]);
                }
                byte[] byNamed = seal(keyArea, named, clear, associatedData);
                byte[] byOther = seal(keyArea, other, clear, associatedData);
                boolean lastCiphertextWord =
                        sameWord(keyArea, ofOther(others, TAG - 1) ? byOther : byNamed, (TAG - 1) / Long.BYTES);
                boolean middle = sameWord(keyArea, byNamed, 6) || sameWord(keyArea, byOther, 6);
                if (lastCiphertextWord && middle && sameWord(keyArea, byNamed, 7)) {
                    return Optional.of(clear.clone());
                }
            }
            return Optional.empty();
        } finally {
            Arrays.fill(clear, (byte) 0);
            Arrays.fill(namedStream, (byte) 0);
            Arrays.fill(otherStream, (byte) 0);
        }
    }

    private static boolean ofOther(int others, int at) {
        return (others >> (at / Long.BYTES - FIRST_CIPHERTEXT_WORD) & 1) != 0;
    }

    /** Whether a word is the same, leaving out what belongs to the epoch number. */
    private static boolean sameWord(byte[] keyArea, byte[] wrapping, int word) {
        int from = word * Long.BYTES;
        int to = Math.min(from + Long.BYTES, SlotLayout.WRAPPED_KEY_BYTES);
        return Arrays.equals(keyArea, from, to, wrapping, from, to);
    }

    private static byte[] seal(byte[] keyArea, SecretKey epochKey, byte[] clear, byte[] associatedData) {
        byte[] sealed = new byte[SlotLayout.KEY_AREA_BYTES];
        System.arraycopy(keyArea, 0, sealed, 0, Aead.NONCE_BYTES);
        try {
            // A cipher of its own: one that is used again refuses the nonce that it had last.
            Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
            cipher.init(
                    Cipher.ENCRYPT_MODE,
                    epochKey,
                    new GCMParameterSpec(Aead.TAG_BYTES * 8, keyArea, 0, Aead.NONCE_BYTES));
            cipher.updateAAD(associatedData);
            cipher.doFinal(clear, 0, clear.length, sealed, CIPHERTEXT);
            return sealed;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-GCM refused to encrypt", e);
        }
    }
}
