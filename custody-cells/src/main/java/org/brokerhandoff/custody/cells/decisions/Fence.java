package org.brokerhandoff.custody.cells.decisions;

/**
 * What an owner of a partition shows with each offer: it counts only while no later owner has the partition.
 *
 * @param token that the owner was given with the lease
 */
public record Fence(int partition, long token) {}
