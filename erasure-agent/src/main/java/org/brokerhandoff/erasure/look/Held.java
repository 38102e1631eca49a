package org.brokerhandoff.erasure.look;

import java.util.OptionalLong;

/**
 * What a broker's files may hold of one partition.
 *
 * @param lowestOffset records before it are in no file; empty if no file holds records of the partition
 * @param unknownFiles files that Kafka is not known to write, each of which may hold anything
 * @param listing changes whenever a name or a size has changed, with the certainty of a hash
 */
public record Held(OptionalLong lowestOffset, int unknownFiles, int listing) {}
