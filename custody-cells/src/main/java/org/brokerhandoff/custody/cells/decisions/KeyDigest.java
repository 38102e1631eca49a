package org.brokerhandoff.custody.cells.decisions;

import java.util.UUID;

/** The keyed digest of idempotency keys, under the key of one day. Used by one thread. */
@FunctionalInterface
public interface KeyDigest {
    /** 16 bytes of the digest of a client and its idempotency key. */
    UUID of(String client, String key);

    /** Makes the key of a day. */
    @FunctionalInterface
    interface Maker {
        /**
         * The day's digest.
         *
         * @param salt 32 bytes, random, the same for all services
         */
        KeyDigest under(byte[] salt);
    }
}
