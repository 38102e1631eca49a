/**
 * Sorts on the disk what memory does not hold. This is an edge: it knows bytes and their order, and nothing of what they mean.
 */
@NullMarked
package org.brokerhandoff.audit.spill;

import org.jspecify.annotations.NullMarked;
