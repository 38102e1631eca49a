package org.brokerhandoff.custody;

import java.time.Instant;
import java.util.SortedSet;
import java.util.UUID;

/**
 * A keyset with changing epochs. {@link #prepare}, {@link #publish} and {@link #destroy} are called by one process at
 * a time, which the slot file's rotation lock ensures. Each is durable when it returns, and each may be repeated after a
 * crash, and after an {@link java.io.UncheckedIOException}, which says that nothing was changed permanently. After a
 * {@link CustodyException} it may not: what could not be synced may look on the next try as if it had been.
 *
 * @see SlotFile#rotate
 */
public interface RotatingKeyset extends KeysetSource {
    /** Random, and the keyset's for as long as it exists. */
    UUID id();

    /**
     * Ties this keyset to one slot file, permanently: two slot files under one keyset would destroy each other's epochs.
     *
     * @throws CustodyException if it is tied to another
     */
    void tieTo(UUID slotFile);

    /** The epochs that have a key: normally the current one, during a rotation its neighbours as well. */
    SortedSet<Integer> epochs();

    /** When an epoch's key was made; the epoch of 1970 if it has none. */
    Instant createdAt(int epoch);

    /** Makes the key of the epoch after the newest. Nothing is wrapped under it before it is published. */
    int prepare(Instant now);

    /** Makes an epoch the current one, for all processes. */
    void publish(int epoch);

    /**
     * Overwrites an epoch's key, syncs, and reads it back as zero. All processes forget the copies they hold in memory, at
     * the latest when they next sweep.
     *
     * @throws CustodyException if it does not read back as zero, or is the current one's
     */
    void destroy(int epoch);

    /**
     * The highest serial number that a slot file under this keyset is known to have had: kept outside the slot file, so
     * that an older copy of that file can be told by its lower number.
     */
    long slotFileSerial();

    /** Notes a serial number, if it is higher than the known one. Called at every sync, so it must be cheap. */
    void raiseSlotFileSerial(long serial);

    /**
     * Looks whether the keyset is still the one that was opened.
     *
     * @throws CustodyException if it was exchanged or removed
     */
    void check();
}
