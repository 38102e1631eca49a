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

    /**
     * A copy of an epoch's key, for the caller to destroy. A rotation may take the keyset's own out of memory at any
     * moment, and a cipher that meets a destroyed key at its first use is of no use ever after.
     */
    private Optional<DataKey> epochKey(int epoch) {
        Optional<SecretKey> known = keyset.key(epoch);
        try {
            return known.map(key -> DataKey.takeOver(key.getEncoded()));
        } catch (IllegalStateException e) {
            if (known.isPresent() && known.get().isDestroyed()) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** The bytes of a key area: the wrapped key, then the number of the epoch it is wrapped under. */
    byte[] wrap(DataKey key, SlotReference slot, UUID signupId, long expiryMillis) {
        while (true) {
            int epoch = keyset.currentEpoch();
            Optional<DataKey> epochKey = epochKey(epoch);
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
                } finally {
                    Scratch.giveBack(clear, DataKey.LENGTH_BYTES);
                    epochKey.get().destroy();
                }
                putEpoch(keyArea, epoch);
                return keyArea;
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
        return open(keyArea, associatedData)
                .or(() -> openMixed(keyArea, associatedData).map(DataKey::takeOver));
    }

    private Optional<DataKey> open(byte[] keyArea, byte[] associatedData) {
        Optional<DataKey> epochKey = epochKey(epoch(keyArea));
        try {
            return epochKey.flatMap(
                    key -> Aead.open(key, keyArea, 0, SlotLayout.WRAPPED_KEY_BYTES, associatedData, DataKey::copyOf));
        } finally {
            epochKey.ifPresent(DataKey::destroy);
        }
    }

    /** A rotation starts only when everything is wrapped under one epoch, so it mixes an epoch with its neighbour only. */
    private Optional<byte[]> openMixed(byte[] keyArea, byte[] associatedData) {
        int epoch = epoch(keyArea);
        Optional<DataKey> named = epochKey(epoch);
        Optional<DataKey> neighbour = epochKey(epoch < keyset.currentEpoch() ? epoch + 1 : epoch - 1);
        try {
            return named.isEmpty() || neighbour.isEmpty()
                    ? Optional.empty()
                    : Rewrap.openMixed(keyArea, named.get(), neighbour.get(), associatedData);
        } finally {
            named.ifPresent(DataKey::destroy);
            neighbour.ifPresent(DataKey::destroy);
        }
    }

    /**
     * The same data key wrapped under another epoch, with the same nonce; see {@link Rewrap}. Empty if that epoch has no
     * key.
     */
    Optional<byte[]> rewrap(
            DataKey key, byte[] keyArea, int epoch, SlotReference slot, UUID signupId, long expiryMillis) {
        Optional<DataKey> epochKey = epochKey(epoch);
        try {
            return epochKey.map(known -> {
                byte[] rewrapped =
                        Rewrap.sealWithNonceOf(keyArea, known, key, associatedData(slot, signupId, expiryMillis));
                putEpoch(rewrapped, epoch);
                return rewrapped;
            });
        } finally {
            epochKey.ifPresent(DataKey::destroy);
        }
    }

    /** Whether the key area opens under the epoch it names, all of it. */
    boolean opens(byte[] keyArea, SlotReference slot, UUID signupId, long expiryMillis) {
        Optional<DataKey> opened = open(keyArea, associatedData(slot, signupId, expiryMillis));
        opened.ifPresent(DataKey::destroy);
        return opened.isPresent();
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
