/**
 * Evidence of signups for the website and the person, fetched from the ledger. The reader verifies it, not this package; the endpoint decides
 * who may have it.
 */
@NullMarked
package org.brokerhandoff.ingest.evidence;

import org.jspecify.annotations.NullMarked;
