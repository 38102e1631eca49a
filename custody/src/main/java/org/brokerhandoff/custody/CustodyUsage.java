package org.brokerhandoff.custody;

/**
 * A count of the slots (a scan) and of the syncs since this instance was opened.
 *
 * @param capacity slots in the file that may be used without growing
 * @param maximum slots the file may grow to
 * @param live slots with a key: held and offered
 * @param restricted slots among them whose key must not be used
 * @param prolonged slots with a key that is kept beyond its expiry
 * @param erased slots that wait for their purge event
 * @param syncs calls of {@code fdatasync}
 * @param changesSynced changes those calls served; divided by {@code syncs} it is the mean group size
 * @param failed a sync or read-back failed: no change is accepted any more
 */
public record CustodyUsage(
        int capacity,
        int maximum,
        int live,
        int restricted,
        int prolonged,
        int erased,
        long syncs,
        long changesSynced,
        boolean failed) {}
