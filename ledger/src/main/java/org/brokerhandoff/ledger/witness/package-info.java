/**
 * A witness's decision on a submitted checkpoint, after C2SP {@code tlog-witness} 1.0.0. Values in, values out: locks, files and HTTP belong
 * to the process that runs it, which must store {@link org.brokerhandoff.ledger.witness.Decision.Cosign} before it answers.
 */
@NullMarked
package org.brokerhandoff.ledger.witness;

import org.jspecify.annotations.NullMarked;
