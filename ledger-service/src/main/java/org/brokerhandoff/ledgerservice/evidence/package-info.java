/**
 * Evidence served: every event of one signup with the proofs that it is all of them. What the ledger and its folder say is put together here;
 * what a bundle shows is judged in module {@code ledger}. No decision of the builder belongs here.
 */
@NullMarked
package org.brokerhandoff.ledgerservice.evidence;

import org.jspecify.annotations.NullMarked;
