package org.brokerhandoff.custody;

import java.util.Optional;
import javax.crypto.SecretKey;

/** The epoch keys under which data keys are wrapped. Implementations are safe for use by several threads. */
public interface KeysetSource {
    /**
     * The epoch whose key wraps new data keys; 1 or more, and never smaller than an earlier answer.
     *
     * <p>Where epochs rotate, the answer is up to date: once {@link RotatingKeyset#publish} has returned in one process, no
     * call that begins later in any process answers with the former epoch. A hold relies on it to notice that the epoch
     * under which it wrapped is about to be replaced.
     */
    int currentEpoch();

    /** The 256-bit AES key of an epoch; empty if it never was or was destroyed. */
    Optional<SecretKey> key(int epoch);
}
