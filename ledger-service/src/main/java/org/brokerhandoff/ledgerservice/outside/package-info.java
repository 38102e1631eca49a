/**
 * External knowledge of the ledger: copies of its checkpoint elsewhere, and the comparison that detects a host restored as a whole. No key
 * and no topic is used here.
 */
@NullMarked
package org.brokerhandoff.ledgerservice.outside;

import org.jspecify.annotations.NullMarked;
