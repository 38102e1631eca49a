package org.brokerhandoff.custody;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import java.util.UUID;
import javax.crypto.SecretKey;

/**
 * Wraps data keys under epoch keys. Signup, slot, generation and expiry are bound to the wrapping: a wrapped key that
 * was copied to another slot, or whose expiry was changed, does not open.
 */
final class KeyWrap {
    private final KeysetSource keyset;

    KeyWrap(KeysetSource keyset) {
        this.keyset = keyset;
    }

    /** The bytes of a key area: the wrapped key, then the number of the epoch it is wrapped under. */
    byte[] wrap(DataKey key, SlotReference slot, UUID signupId, long expiryMillis) {
        int epoch = keyset.currentEpoch();
        SecretKey epochKey = keyset.key(epoch)
                .orElseThrow(() -> new CustodyException("the keyset has no key for its current epoch " + epoch));
        byte[] keyArea = new byte[SlotLayout.KEY_AREA_BYTES];
        byte[] clear = Scratch.borrow(DataKey.LENGTH_BYTES);
        try {
            key.copyTo(clear);
            Aead.seal(epochKey, clear, DataKey.LENGTH_BYTES, associatedData(slot, signupId, expiryMillis), keyArea, 0);
        } finally {
            Scratch.giveBack(clear, DataKey.LENGTH_BYTES);
        }
        ByteBuffer.wrap(keyArea).order(ByteOrder.nativeOrder()).putInt(SlotLayout.WRAPPED_KEY_BYTES, epoch);
        return keyArea;
    }

    /** Empty if the epoch's key is gone or the wrapping is not that slot's. */
    Optional<DataKey> unwrap(byte[] keyArea, SlotReference slot, UUID signupId, long expiryMillis) {
        return keyset.key(epoch(keyArea))
                .flatMap(epochKey -> Aead.open(
                        epochKey,
                        keyArea,
                        0,
                        SlotLayout.WRAPPED_KEY_BYTES,
                        associatedData(slot, signupId, expiryMillis),
                        DataKey::copyOf));
    }

    static int epoch(byte[] keyArea) {
        return ByteBuffer.wrap(keyArea).order(ByteOrder.nativeOrder()).getInt(SlotLayout.WRAPPED_KEY_BYTES);
    }

    private static byte[] associatedData(SlotReference slot, UUID signupId, long expiryMillis) {
        return ByteBuffer.allocate(32)
                .putLong(signupId.getMostSignificantBits())
                .putLong(signupId.getLeastSignificantBits())
                .putInt(slot.slot())
                .putInt(slot.generation())
                .putLong(expiryMillis)
                .array();
    }
}
