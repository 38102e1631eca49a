/**
 * Signed notes, checkpoints, cosignatures and trust policies, after the C2SP texts {@code signed-note} 1.0.0, {@code tlog-checkpoint} 1.0.0,
 * {@code tlog-cosignature} 1.1.0-rc.1 and {@code tlog-policy}. No network and no clock: times are passed in.
 */
@NullMarked
package org.brokerhandoff.ledger.note;

import org.jspecify.annotations.NullMarked;
