/**
 * A data key in three shares, of which two make the key again and one says nothing. All of it in memory outside the Java heap.
 *
 * <p>What must not live here: where a share is kept, and whether it may be.
 */
@NullMarked
package org.brokerhandoff.custody.cells.share;

import org.jspecify.annotations.NullMarked;
