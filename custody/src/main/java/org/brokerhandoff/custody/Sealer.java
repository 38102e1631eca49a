package org.brokerhandoff.custody;

import java.util.Optional;

/**
 * Seals a person's data under their data key: AES-256-GCM, as
 * {@code version byte 1 | 12-byte random nonce | ciphertext and 16-byte tag}.
 */
public final class Sealer {
    /** The only format so far. */
    public static final byte VERSION = 1;
    /** Bytes that sealing adds. */
    public static final int OVERHEAD_BYTES = 1 + Aead.OVERHEAD_BYTES;

    private Sealer() {}

    /**
     * Seals; the clear data stays with the caller, who wipes it.
     *
     * @param associatedData must be the same when opening
     * @throws IllegalStateException if the data was wiped or the key destroyed
     */
    public static byte[] seal(DataKey key, PersonalData data, byte[] associatedData) {
        byte[] sealed = new byte[data.length() + OVERHEAD_BYTES];
        sealed[0] = VERSION;
        return data.expose((clear, length) -> {
            Aead.seal(key, clear, length, associatedData, sealed, 1);
            return sealed;
        });
    }

    /**
     * Opens what {@link #seal} made; empty if key, associated data, version or any bit is not that of the sealing.
     *
     * @throws IllegalStateException if the key was destroyed
     */
    public static Optional<PersonalData> open(DataKey key, byte[] sealed, byte[] associatedData) {
        if (sealed.length < OVERHEAD_BYTES || sealed[0] != VERSION) {
            return Optional.empty();
        }
        return Aead.open(key, sealed, 1, sealed.length - 1, associatedData, PersonalData::copyOf);
    }
}
