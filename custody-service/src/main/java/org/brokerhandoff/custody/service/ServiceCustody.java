package org.brokerhandoff.custody.service;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.brokerhandoff.custody.KeyCustody;
import org.brokerhandoff.custody.PurgeHistory;
import org.brokerhandoff.custody.cells.decisions.FirstClaims;
import org.brokerhandoff.custody.cells.decisions.KeyDigest;
import org.brokerhandoff.custody.cells.decisions.ReservationStore;
import org.brokerhandoff.custody.cells.decisions.SignupLeases;
import org.brokerhandoff.custody.owners.PartitionLeases;
import org.brokerhandoff.event.ServiceName;
import org.brokerhandoff.operations.health.Health;
import org.brokerhandoff.preflight.CustodyExamination;

/**
 * Custody, and what a service needs beside its keys. The stages of {@link #keys} complete on custody's own threads: what depends on them
 * only hands over to others.
 */
public interface ServiceCustody extends AutoCloseable {
    /** The keys. */
    KeyCustody keys();

    /** Which of the routers that share this custody owns a partition; for the caller to close before custody. */
    PartitionLeases leases(int partitions);

    /**
     * Opens the reservations of idempotency keys that ingest services of several hosts share; empty where custody is of one host. For the caller
     * to close before custody. Blocks.
     *
     * @param keys makes the keys of the digests
     * @param clock of this host, which must not run ahead of true time
     * @throws org.brokerhandoff.custody.CustodyException if they cannot be opened
     */
    default Optional<ReservationStore> reservations(KeyDigest.Maker keys, InstantSource clock) {
        return Optional.empty();
    }

    /** Locks of signups for ingest services of several hosts; empty where custody is of one host. */
    default Optional<SignupLeases> signupLeases() {
        return Optional.empty();
    }

    /** Names that ingest services of several hosts give a content once; empty where custody is of one host. */
    default Optional<FirstClaims> claims() {
        return Optional.empty();
    }

    /**
     * Examines where the keys are, and logs what was found. Blocks; before {@link #startUpkeep}.
     *
     * @throws RuntimeException if the service must not start there
     */
    CustodyExamination examine(ServiceName service, Instant now);

    /**
     * Has what changes later examined again, on a thread of custody's own: another start of a cell, whose word for a destruction counts only once the
     * log has what was found of it.
     *
     * @param told publishes an examination; where that fails, there is another one soon
     */
    default void examineAgain(ServiceName service, Function<CustodyExamination, CompletionStage<?>> told) {
        // A file is examined once.
    }

    /** Starts what custody needs beside its sweeps; for the caller to close before custody. */
    AutoCloseable startUpkeep(InstantSource clock);

    /** Whether keys are served. */
    boolean serving();

    /**
     * Serves keys once what custody has was compared with the log, as far as it may be older than the log. Blocks; may be repeated if it fails.
     *
     * @param longestHold no signup's key expires later than this after the signup was received
     * @throws RuntimeException if the log cannot be read, or an erasure cannot be confirmed: keys are not served then
     */
    void serveKeysAfter(PurgeHistory purges, Duration longestHold);

    /** Notes how far the log was at some moment before this call, if that helps a later comparison. */
    void mark(byte[] logPosition);

    /** The signups that have a key, or wait for their purge. Blocks: a scan. */
    Set<UUID> signups();

    /** Has {@code sync} run before a hold completes, so that what the caller wrote before is durable by then. */
    void syncWith(Runnable sync);

    /**
     * Whether custody does its work.
     *
     * @param sweepsFail whether the last sweep failed
     */
    Health health(boolean sweepsFail);

    /** Whether custody does not do its work, or lets those wait who ask it: for this process to say what a late answer waited for. */
    default boolean late() {
        return false;
    }

    @Override
    void close();
}
