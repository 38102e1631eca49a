/**
 * What a website may ask about a signup afterwards: where it stands, and the receipt of its consent.
 *
 * <p>Reads the register and nothing else. No HTTP.
 */
@NullMarked
package org.brokerhandoff.ingest.status;

import org.jspecify.annotations.NullMarked;
