package org.brokerhandoff.custody;

import java.util.Optional;
import java.util.function.Function;

/**
 * Seals a person's data under their data key: AES-256-GCM, as
 * {@code form byte | 12-byte random nonce | ciphertext and 16-byte tag}. The form says how the associated data is made; the code that makes it
 * decides what forms there are, and puts the form into the associated data, so that it cannot be changed.
 */
public final class Sealer {
    /** Bytes that sealing adds. */
    public static final int OVERHEAD_BYTES = 1 + Aead.OVERHEAD_BYTES;

    private Sealer() {}

    /**
     * Seals; the clear data stays with the caller, who wipes it.
     *
     * @param form how {@code associatedData} is made; not negative
     * @param associatedData must be the same when opening
     * @throws IllegalStateException if the data was wiped or the key destroyed
     */
    public static byte[] seal(DataKey key, PersonalData data, byte form, byte[] associatedData) {
        byte[] sealed = new byte[data.length() + OVERHEAD_BYTES];
        sealed[0] = form;
        return data.expose((clear, length) -> {
            Aead.seal(key, clear, length, associatedData, sealed, 1);
            return sealed;
        });
    }

    /**
     * Opens what {@link #seal} made; empty if key, associated data, form or any bit is not that of the sealing.
     *
     * @param associatedData that of a form; empty if the form is unknown
     * @throws IllegalStateException if the key was destroyed
     */
    public static Optional<PersonalData> open(
            DataKey key, byte[] sealed, Function<Byte, Optional<byte[]>> associatedData) {
        if (sealed.length < OVERHEAD_BYTES) {
            return Optional.empty();
        }
        return associatedData
                .apply(sealed[0])
                .flatMap(bytes -> Aead.open(key, sealed, 1, sealed.length - 1, bytes, PersonalData::copyOf));
    }
}
