/**
 * Which policy versions exist, and whether a consent may name one at a given moment.
 *
 * <p>The decision is pure. No HTTP and no Kafka types here; the register and the log are behind interfaces.
 */
@NullMarked
package org.brokerhandoff.ingest.policy;

import org.jspecify.annotations.NullMarked;
