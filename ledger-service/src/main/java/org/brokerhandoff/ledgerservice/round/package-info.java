/** What a round of the builder decides: which leaves become segments, and whether the topics still are what the ledger says. Pure. */
@NullMarked
package org.brokerhandoff.ledgerservice.round;

import org.jspecify.annotations.NullMarked;
