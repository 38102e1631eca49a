/**
 * Evidence bundles: one file with every event of one key, the proofs that they are in the ledger and that none is missing, and a signed
 * checkpoint. Verified offline with a trust policy alone. The meaning of events is unknown here; callers judge what {@link
 * org.brokerhandoff.ledger.evidence.Verdict.Holds} returns.
 */
@NullMarked
package org.brokerhandoff.ledger.evidence;

import org.jspecify.annotations.NullMarked;
