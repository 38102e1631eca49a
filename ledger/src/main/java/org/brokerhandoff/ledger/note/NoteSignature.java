package org.brokerhandoff.ledger.note;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;

/** One signature line of a note, unverified. */
public final class NoteSignature {
    private final String name;
    private final int keyId;
    private final byte[] signature;

    /**
     * A signature as its line states it.
     *
     * @param name key name
     * @param keyId first four bytes of the key's hash, which together with the name identifies the key
     * @param signature the bytes after the key id; their form depends on the key's type
     */
    public NoteSignature(String name, int keyId, byte[] signature) {
        this.name = name;
        this.keyId = keyId;
        this.signature = signature.clone();
    }

    /** Name of the claimed key. */
    public String name() {
        return name;
    }

    /** Id of the claimed key. */
    public int keyId() {
        return keyId;
    }

    /** A copy of the bytes after the key id. */
    public byte[] signature() {
        return signature.clone();
    }

    /** The line without its line feed. */
    public String line() {
        byte[] bytes = ByteBuffer.allocate(4 + signature.length)
                .putInt(keyId)
                .put(signature)
                .array();
        return SignedNote.DASH + name + " " + Base64.getEncoder().encodeToString(bytes);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof NoteSignature that
                && name.equals(that.name)
                && keyId == that.keyId
                && Arrays.equals(signature, that.signature);
    }

    @Override
    public int hashCode() {
        return 31 * name.hashCode() + keyId;
    }

    @Override
    public String toString() {
        return name + "+" + VerifierKey.hex(keyId);
    }
}
