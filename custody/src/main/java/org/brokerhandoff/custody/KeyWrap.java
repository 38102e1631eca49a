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

    int currentEpoch() {
        return keyset.currentEpoch();
    }

    /** The bytes of a key area: the wrapped key, then the number of the epoch it is wrapped under. */
    byte[] wrap(DataKey key, SlotReference slot, UUID signupId, long expiryMillis) {
        while (true) {
            int epoch = keyset.currentEpoch();
            Optional<SecretKey> epochKey = keyset.key(epoch);
            if (epochKey.isPresent()) {
                byte[] keyArea = new byte[SlotLayout.KEY_AREA_BYTES];
                byte[] clear = Scratch.borrow(DataKey.LENGTH_BYTES);
                try {
                    key.copyTo(clear);
                    Aead.seal(
                            epochKey.get(),
                            clear,
                            DataKey.LENGTH_BYTES,
                            associatedData(slot, signupId, expiryMillis),
                            keyArea,
                            0);
                    putEpoch(keyArea, epoch);
                    return keyArea;
                } catch (IllegalStateException e) {
                    if (!epochKey.get().isDestroyed()) {
                        throw e;
                    }
                    // A rotation took the key out of memory between the look and the use.
                } finally {
                    Scratch.giveBack(clear, DataKey.LENGTH_BYTES);
                }
            } else if (epoch == keyset.currentEpoch()) {
                throw new CustodyException("the keyset has no key for its current epoch " + epoch);
            }
        }
    }

    /**
     * The data key of a key area as it was read, also one in the middle of a rewrap. Empty if the wrapping is not that
     * slot's, or the epoch's key is gone; the latter may be so because the slot was rewrapped since it was read.
     */
    Optional<DataKey> unwrap(byte[] keyArea, SlotReference slot, UUID signupId, long expiryMillis) {
        byte[] associatedData = associatedData(slot, signupId, expiryMillis);
        int epoch = epoch(keyArea);
        Optional<SecretKey> epochKey = keyset.key(epoch);
        try {
            return epochKey.flatMap(known ->
                            Aead.open(known, keyArea, 0, SlotLayout.WRAPPED_KEY_BYTES, associatedData, DataKey::copyOf))
                    .or(() -> unwrapMixed(keyArea, epoch, associatedData).map(DataKey::takeOver));
        } catch (IllegalStateException e) {
            if (epochKey.isPresent() && !epochKey.get().isDestroyed()) {
                throw e;
            }
            return Optional.empty();
        }
    }

    /** A rotation starts only when everything is wrapped under one epoch, so it mixes an epoch with its neighbour only. */
    private Optional<byte[]> unwrapMixed(byte[] keyArea, int epoch, byte[] associatedData) {
        int other = epoch < keyset.currentEpoch() ? epoch + 1 : epoch - 1;
        Optional<SecretKey> named = keyset.key(epoch);
        Optional<SecretKey> neighbour = keyset.key(other);
        if (named.isEmpty() || neighbour.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Rewrap.openMixed(keyArea, named.get(), neighbour.get(), associatedData);
        } catch (IllegalStateException e) {
            if (!named.get().isDestroyed() && !neighbour.get().isDestroyed()) {
                throw e;
            }
            return Optional.empty();
        }
    }

    /**
     * The same data key wrapped under another epoch, with the same nonce; see {@link Rewrap}. Empty if that epoch has no
     * key.
     */
    Optional<byte[]> rewrap(
            DataKey key, byte[] keyArea, int epoch, SlotReference slot, UUID signupId, long expiryMillis) {
        return keyset.key(epoch).map(epochKey -> {
            byte[] rewrapped =
                    Rewrap.sealWithNonceOf(keyArea, epochKey, key, associatedData(slot, signupId, expiryMillis));
            putEpoch(rewrapped, epoch);
            return rewrapped;
        });
    }

    /** Whether the key area opens under the epoch it names, all of it. */
    boolean opens(byte[] keyArea, SlotReference slot, UUID signupId, long expiryMillis) {
        return keyset.key(epoch(keyArea))
                .flatMap(known -> Aead.open(
                        known,
                        keyArea,
                        0,
                        SlotLayout.WRAPPED_KEY_BYTES,
                        associatedData(slot, signupId, expiryMillis),
                        (clear, length) -> length == DataKey.LENGTH_BYTES))
                .orElse(false);
    }

    static int epoch(byte[] keyArea) {
        return ByteBuffer.wrap(keyArea).order(ByteOrder.nativeOrder()).getInt(SlotLayout.WRAPPED_KEY_BYTES);
    }

    private static void putEpoch(byte[] keyArea, int epoch) {
        ByteBuffer.wrap(keyArea).order(ByteOrder.nativeOrder()).putInt(SlotLayout.WRAPPED_KEY_BYTES, epoch);
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
