/**
 * Which recipients a consent may name: those in any published version of the broker directory.
 *
 * <p>No HTTP and no Kafka types here; the register is behind an interface.
 */
@NullMarked
package org.brokerhandoff.ingest.recipient;

import org.jspecify.annotations.NullMarked;
