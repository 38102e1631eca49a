/**
 * Evidence bundles: one file with every event of one key, the proofs that they stand in the ledger and that none is missing, and a
 * signed checkpoint. Checked offline by a trust policy alone. What the events mean is not known here; a caller that knows judges what
 * {@link org.brokerhandoff.ledger.evidence.Verdict.Holds} hands it.
 */
@NullMarked
package org.brokerhandoff.ledger.evidence;

import org.jspecify.annotations.NullMarked;
