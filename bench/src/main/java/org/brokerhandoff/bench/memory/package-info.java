/**
 * Searches the whole memory of a running process, through Linux's {@code /proc}, for values that must not be there. Needs only the operating
 * system, so that the services need no special access for it.
 *
 * <p>Must not contain: knowledge of what the services do, and anything that a service uses.
 */
@NullMarked
package org.brokerhandoff.bench.memory;

import org.jspecify.annotations.NullMarked;
