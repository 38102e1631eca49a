/** Tests of what is known of the ledger elsewhere. */
@NullMarked
package org.brokerhandoff.ledgerservice.outside;

import org.jspecify.annotations.NullMarked;
