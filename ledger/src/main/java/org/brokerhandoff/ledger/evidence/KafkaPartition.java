package org.brokerhandoff.ledger.evidence;

/** Kafka's default partitioner. It is part of a bundle's proof, since an index covers one partition. */
final class KafkaPartition {
    private static final int MULTIPLIER = 0x5bd1e995;
    private static final int SEED = 0x9747b28c;

    private KafkaPartition() {}

    /** {@code (murmur2(key) & 7fffffff) mod partitions}. */
    static int of(byte[] key, int partitions) {
        return (murmur2(key) & 0x7fffffff) % partitions;
    }

    /** 32-bit MurmurHash2 (Austin Appleby, public domain), with Kafka's seed. */
    static int murmur2(byte[] data) {
        int hash = SEED ^ data.length;
        int whole = data.length & ~3;
        for (int i = 0; i < whole; i += 4) {
            int word = (data[i] & 0xff)
                    | ((data[i + 1] & 0xff) << 8)
                    | ((data[i + 2] & 0xff) << 16)
                    | ((data[i + 3] & 0xff) << 24);
            word *= MULTIPLIER;
            word ^= word >>> 24;
            hash = (hash * MULTIPLIER) ^ (word * MULTIPLIER);
        }
        if (data.length > whole) {
            for (int i = data.length - 1; i >= whole; i--) {
                hash ^= (data[i] & 0xff) << (8 * (i - whole));
            }
            hash *= MULTIPLIER;
        }
        hash = (hash ^ (hash >>> 13)) * MULTIPLIER;
        return hash ^ (hash >>> 15);
    }
}
