/**
 * Evidence of signups for the website and the person, fetched from the ledger. What it shows is judged by its reader, not here; who may have it is
 * the business of the endpoint.
 */
@NullMarked
package org.brokerhandoff.ingest.evidence;

import org.jspecify.annotations.NullMarked;
