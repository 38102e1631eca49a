/**
 * The processes of {@code ./handoff bench load}: a generator, a broker stub, and the two references – a bare ingest and a bare router – which
 * perform the same exchanges without sealing, custody, evidence or purge. Each runs in a separate JVM, reads commands from its standard input
 * and ends with it.
 *
 * <p>Must not contain: anything that a service uses.
 */
@NullMarked
package org.brokerhandoff.bench.load;

import org.jspecify.annotations.NullMarked;
