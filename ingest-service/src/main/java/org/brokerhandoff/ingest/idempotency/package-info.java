/**
 * Remembers for a day which {@code Idempotency-Key} led to which signup, without storing the key.
 *
 * <p>The files are described at {@code DayFile}, {@code JournalRecord} and {@code DayKeys}. Knows nothing of HTTP, persons or Kafka. What is stored: keyed digests, random ids, slot numbers, times.
 */
@NullMarked
package org.brokerhandoff.ingest.idempotency;

import org.jspecify.annotations.NullMarked;
