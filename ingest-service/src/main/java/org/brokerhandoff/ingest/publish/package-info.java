/**
 * The events that ingest publishes, made from domain values.
 *
 * <p>Pure mapping to the schemas' record types; no Kafka client.
 */
@NullMarked
package org.brokerhandoff.ingest.publish;

import org.jspecify.annotations.NullMarked;
