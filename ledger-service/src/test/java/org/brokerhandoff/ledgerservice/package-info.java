/** Tests of the ledger builder. */
@NullMarked
package org.brokerhandoff.ledgerservice;

import org.jspecify.annotations.NullMarked;
