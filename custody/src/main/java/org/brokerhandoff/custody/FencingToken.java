package org.brokerhandoff.custody;

/**
 * Token that an owner of a partition passes with each offer: it is valid only while no later owner has the partition.
 *
 * @param partition of the log
 * @param token granted with the lease; it grows with every owner
 */
public record FencingToken(int partition, long token) {}
