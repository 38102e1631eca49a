package org.brokerhandoff.ingest.rights;

import java.time.Duration;
import java.util.UUID;
import java.util.function.Function;
import org.brokerhandoff.custody.Ownership;

/**
 * Serialises the work on one signup's requests, and on requests about it: {@link FileSignupLocks} across all processes of a host, {@link
 * LeasedSignupLocks} across hosts. A signup's restriction is one bit for any number of requests: no other may arrive between the check that
 * none is left and the lifting. One in 256 signups shares a lock.
 */
public interface SignupLocks extends AutoCloseable {
    /** Number of locks. */
    int STRIPES = 256;

    /** How long a request waits for others. */
    Duration LIMIT = Duration.ofSeconds(3);

    /** Another request about the signup takes too long, or this one did, and lost its lock: it has to be repeated. */
    final class StillLocked extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    /**
     * Runs the work while no other does for this signup; waits three seconds at most. Blocks.
     *
     * @param work gets whether the lock is still held, for long enough to publish again. What a process does that has lost it, such as one that
     *     stood still, has to be harmless, or to be refused by that
     * @throws StillLocked if the others take longer, or the lock was lost before the work ended
     */
    <T> T alone(UUID signupId, Function<Ownership, T> work);

    @Override
    void close();

    /** The lock of a signup. */
    static int stripe(UUID signupId) {
        return Math.floorMod(signupId.hashCode(), STRIPES);
    }
}
