/**
 * Which recipients a consent may name: those that a published version of the broker directory has.
 *
 * <p>No HTTP and no Kafka types here; the register is reached through an interface.
 */
@NullMarked
package org.brokerhandoff.ingest.recipient;

import org.jspecify.annotations.NullMarked;
