/**
 * The processes that {@code ./handoff bench load} measures with: a generator, a broker stub, and the two references – a bare ingest and a
 * bare router – which do the same exchanges without sealing, custody, evidence or purge. Each runs in a separate JVM, reads commands from
 * its standard input and ends with it.
 *
 * <p>What must not live here: anything that a service uses.
 */
@NullMarked
package org.brokerhandoff.bench.load;

import org.jspecify.annotations.NullMarked;
