package org.brokerhandoff.ingest.idempotency;

/**
 * Identifies a reservation in the journal.
 *
 * @param day the day under whose key the digest was made, days since 1970-01-01 UTC
 * @param digest keyed digest of the client and its idempotency key
 * @param record number of the record in the day's file that was the newest when this was read
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record ReservationId(long day, byte[] digest, int record) {
    @Override
    public String toString() {
        return "ReservationId[day " + day + ", record " + record + "]";
    }
}
