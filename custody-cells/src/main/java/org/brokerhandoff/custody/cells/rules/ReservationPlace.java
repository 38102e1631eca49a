package org.brokerhandoff.custody.cells.rules;

import java.util.UUID;

/**
 * Where the reservation of an idempotency key is, if there is one.
 *
 * @param day under whose key the digest was made, days since 1970-01-01 UTC
 * @param digest 16 bytes of the keyed digest of a client and its idempotency key
 */
public record ReservationPlace(long day, UUID digest) {}
