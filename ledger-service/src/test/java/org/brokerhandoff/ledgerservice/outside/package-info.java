/** Tests of external knowledge of the ledger. */
@NullMarked
package org.brokerhandoff.ledgerservice.outside;

import org.jspecify.annotations.NullMarked;
