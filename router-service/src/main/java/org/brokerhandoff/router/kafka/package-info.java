/**
 * The router's edge to Kafka: the consume loop, publishing, cutting. Adapters of the interfaces that {@code handoff} and {@code
 * purge} own; no decision about a signup is made here.
 */
@NullMarked
package org.brokerhandoff.router.kafka;

import org.jspecify.annotations.NullMarked;
