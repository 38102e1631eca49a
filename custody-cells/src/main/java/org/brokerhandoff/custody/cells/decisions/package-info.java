/**
 * PostgreSQL, which decides: rows are read, decided by the {@code rules} and written if they are as they were read, many at a time.
 *
 * <p>What must not live here: the rules themselves, cells and keys.
 */
@NullMarked
package org.brokerhandoff.custody.cells.decisions;

import org.jspecify.annotations.NullMarked;
