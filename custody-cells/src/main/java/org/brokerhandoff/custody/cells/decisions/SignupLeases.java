package org.brokerhandoff.custody.cells.decisions;

import java.time.Duration;
import java.util.Optional;
import org.brokerhandoff.custody.CustodyException;
import org.brokerhandoff.custody.FencingToken;

/**
 * Locks of signups, each for many, among processes of any host: leases as those of partitions, in the same table, under numbers that no partition
 * has. So what is decided under such a lock is refused by its token once another process has the lock. Blocks.
 */
public final class SignupLeases {
    private final PartitionTokens tokens;

    SignupLeases(PartitionTokens tokens) {
        this.tokens = tokens;
    }

    /**
     * Asks for a lock, for so long; empty if another has it.
     *
     * @param stripe its number, from 0 on
     * @throws CustodyException if it is not known
     */
    public Optional<FencingToken> acquire(int stripe, Duration time) {
        return tokens.acquire(-1 - stripe, time);
    }

    /**
     * Gives it back, if it is still held.
     *
     * @throws CustodyException if that is not known
     */
    public void release(FencingToken token) {
        tokens.release(token);
    }
}
