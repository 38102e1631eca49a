package org.brokerhandoff.custody;

/**
 * That the caller owns the partition of a signup: nobody else works on it, so what the caller has read of the log is all that can have been
 * done. One owner cannot be told by two: {@link org.brokerhandoff.custody.owners.PartitionLease} is the lock behind it.
 */
@FunctionalInterface
public interface Ownership {
    /** Whether it is still so, as far as is known. Asked right before a slot changes; has to be cheap, and safe for any thread. */
    boolean held();
}
