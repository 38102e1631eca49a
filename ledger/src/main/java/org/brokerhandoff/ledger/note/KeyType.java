package org.brokerhandoff.ledger.note;

import java.util.Arrays;
import java.util.Optional;

/** Supported signature types of {@code signed-note}. */
public enum KeyType {
    /** A log's signature over the text. */
    ED25519(0x01, 32),
    /** A witness's signature over the text and a time. */
    COSIGNATURE_ED25519(0x04, 32),
    /** A witness's post-quantum signature over origin, size, root and a time. Needs a JVM with ML-DSA. */
    COSIGNATURE_ML_DSA_44(0x06, 1312);

    private final int identifier;
    private final int publicKeyBytes;

    KeyType(int identifier, int publicKeyBytes) {
        this.identifier = identifier;
        this.publicKeyBytes = publicKeyBytes;
    }

    /** The byte before the public key. */
    public byte identifier() {
        return (byte) identifier;
    }

    /** Length of a public key of this type. */
    public int publicKeyBytes() {
        return publicKeyBytes;
    }

    static Optional<KeyType> of(byte identifier) {
        return Arrays.stream(values())
                .filter(type -> type.identifier() == identifier)
                .findFirst();
    }
}
