package org.brokerhandoff.ingest.idempotency;

/**
 * Names a row of the store.
 *
 * @param day the day under whose key the digest was made, days since 1970-01-01 UTC
 * @param digest keyed digest of the client and its idempotency key
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record ReservationId(long day, byte[] digest) {
    @Override
    public String toString() {
        return "ReservationId[day " + day + "]";
    }
}
