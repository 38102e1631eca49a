/** Decisions of a builder round: which leaves become segments, and whether the topics still match the ledger. Pure. */
@NullMarked
package org.brokerhandoff.ledgerservice.round;

import org.jspecify.annotations.NullMarked;
