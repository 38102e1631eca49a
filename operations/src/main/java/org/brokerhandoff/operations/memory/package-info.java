/**
 * Keeping other people's code from leaving copies of personal data in memory: network buffers that are overwritten when they are
 * released, and overwriting what a garbage collector has left behind.
 *
 * <p>Nothing here knows what the bytes are. What our own code holds is wiped where it is held.
 */
@NullMarked
package org.brokerhandoff.operations.memory;

import org.jspecify.annotations.NullMarked;
