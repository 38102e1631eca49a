package org.brokerhandoff.custody;

/**
 * What an owner of a partition shows with each offer: it counts only while no later owner has the partition.
 *
 * @param partition of the log
 * @param token that the owner was given with its lease; it grows with every owner
 */
public record FencingToken(int partition, long token) {}
