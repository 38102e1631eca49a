/**
 * What others have of the ledger: copies of its checkpoint elsewhere, and the comparison by which a host that was restored as a whole is found. No key and no
 * topic is touched here.
 */
@NullMarked
package org.brokerhandoff.ledgerservice.outside;

import org.jspecify.annotations.NullMarked;
