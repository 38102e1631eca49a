/**
 * Serves evidence: every event of one signup with the proofs that they are complete. Assembles the data of the ledger and its folder; module
 * {@code ledger} judges a bundle. No decision of the builder belongs here.
 */
@NullMarked
package org.brokerhandoff.ledgerservice.evidence;

import org.jspecify.annotations.NullMarked;
