/** Tests of the ledger builder. */
@NullMarked
package org.brokerhandoff.ledgerservice.folder;

import org.jspecify.annotations.NullMarked;
