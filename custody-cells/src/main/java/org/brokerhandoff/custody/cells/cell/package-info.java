/**
 * One Valkey or Redis process that holds shares: its connection, what it is asked and how it is examined. Shares pass through direct buffers
 * that are overwritten.
 *
 * <p>What must not live here: what two cells say together, PostgreSQL, and any decision about a key.
 */
@NullMarked
package org.brokerhandoff.custody.cells.cell;

import org.jspecify.annotations.NullMarked;
