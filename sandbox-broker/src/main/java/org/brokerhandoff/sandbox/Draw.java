package org.brokerhandoff.sandbox;

/** Repeatable draws without state: the n-th draw of a seed is independent of thread scheduling. */
final class Draw {
    private Draw() {}

    /** Whether the n-th draw of this seed, uniform in [0, 1), is below the share. */
    static boolean below(double share, long seed, long n) {
        return (mixed(mixed(seed) + n) >>> 11) * 0x1.0p-53 < share;
    }

    /** The output function of SplitMix64: neighbouring inputs give unrelated outputs. */
    private static long mixed(long value) {
        long z = value + 0x9E3779B97F4A7C15L;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
