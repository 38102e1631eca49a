/**
 * Prevents libraries from leaving copies of personal data in memory: network buffers that are overwritten when they are released, and
 * overwriting the garbage left on the heap.
 *
 * <p>Independent of the bytes' meaning. What our own code holds is wiped there.
 */
@NullMarked
package org.brokerhandoff.operations.memory;

import org.jspecify.annotations.NullMarked;
