package org.brokerhandoff.custody.owners;

/** What came of asking for the lease of a partition. */
public sealed interface LeaseOutcome {
    /** The lease is the caller's until it closes it, or this process dies. */
    record Acquired(PartitionLease lease) implements LeaseOutcome {}

    /** It is taken; it may be asked for again at any time. */
    record Refused(LeaseHolder holder) implements LeaseOutcome {}
}
