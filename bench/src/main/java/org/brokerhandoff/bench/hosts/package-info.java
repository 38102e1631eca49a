/**
 * Where the processes of a run are: all on this machine's loopback, or each on a host of its own, which can be cut off from the others. Knows
 * nothing of what the processes do.
 */
@NullMarked
package org.brokerhandoff.bench.hosts;

import org.jspecify.annotations.NullMarked;
