package org.brokerhandoff.custody;

import java.util.Optional;
import javax.crypto.SecretKey;

/** The epoch keys under which data keys are wrapped. Implementations are safe for use by several threads. */
public interface KeysetSource {
    /** The epoch whose key wraps new data keys; 1 or more. */
    int currentEpoch();

    /** The 256-bit AES key of an epoch; empty if it never was or was destroyed. */
    Optional<SecretKey> key(int epoch);
}
