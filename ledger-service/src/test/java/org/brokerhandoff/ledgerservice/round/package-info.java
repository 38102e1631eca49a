/** Tests of the ledger builder. */
@NullMarked
package org.brokerhandoff.ledgerservice.round;

import org.jspecify.annotations.NullMarked;
