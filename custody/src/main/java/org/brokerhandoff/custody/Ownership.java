package org.brokerhandoff.custody;

/**
 * That the caller owns the partition of a signup: no other process works on it, so the caller has read everything that was done to it. {@link org.brokerhandoff.custody.owners.PartitionLease} is the lock behind it.
 */
@FunctionalInterface
public interface Ownership {
    /** Whether it is still so, as far as is known. Asked right before a slot changes; has to be cheap, and safe for any thread. */
    boolean held();
}
