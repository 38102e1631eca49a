/**
 * Keys in three cells: brought there, put together, destroyed and repaired in the orders of {@code rules}.
 *
 * <p>What must not live here: what is decided about a key, and how one cell is spoken to.
 */
@NullMarked
package org.brokerhandoff.custody.cells;

import org.jspecify.annotations.NullMarked;
