package org.brokerhandoff.ingest.rights;

import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.brokerhandoff.custody.CustodyException;
import org.brokerhandoff.custody.FencingToken;
import org.brokerhandoff.custody.Ownership;
import org.brokerhandoff.custody.cells.decisions.SignupLeases;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Locks across hosts, by leases in the database that they share. A lease ends by itself, so that a host that died does not keep its signups
 * locked; it is counted from before it was asked for, by this process's monotonic clock, so it ends here before another can have it.
 *
 * <p>A process that stood still may go on after that. It publishes nothing unless its lease lasts for longer than a publication may take, and
 * custody refuses its token.
 */
public final class LeasedSignupLocks implements SignupLocks {
    private static final Logger LOG = LoggerFactory.getLogger(LeasedSignupLocks.class);
    private static final Duration LEASE = Duration.ofSeconds(45);
    /** A publication is given up after 25 seconds. */
    private static final Duration LEAST_LEFT = Duration.ofSeconds(27);

    private static final Duration PAUSE = Duration.ofMillis(20);

    private final SignupLeases leases;
    private final ThreadLocks threads = new ThreadLocks();

    /** Locks by {@code leases}. */
    public LeasedSignupLocks(SignupLeases leases) {
        this.leases = leases;
    }

    @Override
    public <T> T alone(UUID signupId, Function<Ownership, T> work) {
        int stripe = SignupLocks.stripe(signupId);
        long until = System.nanoTime() + LIMIT.toNanos();
        return threads.alone(stripe, () -> locked(stripe, until, work));
    }

    private <T> T locked(int stripe, long until, Function<Ownership, T> work) {
        Held held = held(stripe, until);
        try {
            T outcome = work.apply(held);
            if (!held.lasts(Duration.ZERO)) {
                throw new StillLocked();
            }
            return outcome;
        } finally {
            release(held);
        }
    }

    private Held held(int stripe, long until) {
        while (true) {
            long ends = System.nanoTime() + LEASE.toNanos();
            Optional<FencingToken> token = leases.acquire(stripe, LEASE);
            if (token.isPresent()) {
                return new Held(token.get(), ends);
            }
            if (System.nanoTime() - until >= 0 || Thread.currentThread().isInterrupted()) {
                throw new StillLocked();
            }
            LockSupport.parkNanos(PAUSE.toNanos());
        }
    }

    private void release(Held held) {
        try {
            leases.release(held.token());
        } catch (CustodyException e) {
            LOG.warn("a signup's lock is given back by time");
        }
    }

    private record Held(FencingToken token, long endsNanos) implements Ownership {
        @Override
        public boolean held() {
            return lasts(LEAST_LEFT);
        }

        boolean lasts(Duration atLeast) {
            return endsNanos - System.nanoTime() > atLeast.toNanos();
        }

        @Override
        public Optional<FencingToken> fence() {
            return Optional.of(token);
        }
    }

    @Override
    public void close() {
        // The database is custody's.
    }
}
