/**
 * What a witness decides when a log submits a checkpoint, after C2SP {@code tlog-witness} 1.0.0. Values in, values out: locks, files and
 * HTTP belong to the process that runs it, which has to store {@link org.brokerhandoff.ledger.witness.Decision.Cosign} before it answers.
 */
@NullMarked
package org.brokerhandoff.ledger.witness;

import org.jspecify.annotations.NullMarked;
