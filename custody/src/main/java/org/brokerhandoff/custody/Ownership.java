package org.brokerhandoff.custody;

import java.util.Optional;

/**
 * That the caller owns the partition of a signup: no other process works on it, so the caller has read everything that was done to it. {@link org.brokerhandoff.custody.owners.PartitionLease} is the lock behind it
 * on one host, and a token in a database on several.
 */
@FunctionalInterface
public interface Ownership {
    /** Whether it is still so, as far as is known. Asked right before a slot changes; has to be cheap, and safe for any thread. */
    boolean held();

    /**
     * What custody can hold against the owner that it knows, where a process cannot be sure by itself: one that was stopped takes
     * itself for the owner when it continues. Empty where {@link #held} is sure.
     */
    default Optional<FencingToken> fence() {
        return Optional.empty();
    }
}
