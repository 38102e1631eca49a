/**
 * Searching the whole memory of a running process, as Linux shows it in {@code /proc}, for values that must not be there. Uses the
 * operating system only, so that nothing in the services has to open up for it.
 *
 * <p>What must not live here: knowledge of what the services do, and anything a service uses.
 */
@NullMarked
package org.brokerhandoff.bench.memory;

import org.jspecify.annotations.NullMarked;
