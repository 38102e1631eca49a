/**
 * Whether a cell is fit to hold shares: pure rules over what its engine says of itself.
 *
 * <p>What must not live here: connections, clocks, and what follows from an unfit cell.
 */
@NullMarked
package org.brokerhandoff.custody.cells.fitness;

import org.jspecify.annotations.NullMarked;
