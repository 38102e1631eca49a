package org.brokerhandoff.custody;

import java.util.Optional;

/**
 * That the caller owns the partition of a signup: no other process works on it, so the caller has read everything that was done to it. {@link org.brokerhandoff.custody.owners.PartitionLease} is the lock behind it
 * on one host, and a token in a database on several.
 */
@FunctionalInterface
public interface Ownership {
    /** Whether the caller still owns it, as far as is known. Called right before a slot changes; has to be cheap and thread-safe. */
    boolean held();

    /**
     * A token for custody to compare with the owner that it knows, where a process cannot be sure itself: a paused one still considers
     * itself the owner when it continues. Empty where {@link #held} is reliable.
     */
    default Optional<FencingToken> fence() {
        return Optional.empty();
    }
}
