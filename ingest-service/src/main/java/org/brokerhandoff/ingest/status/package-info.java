/**
 * What a website may query about a signup afterwards: its status, and the receipt of its consent.
 *
 * <p>Reads the register and nothing else. No HTTP.
 */
@NullMarked
package org.brokerhandoff.ingest.status;

import org.jspecify.annotations.NullMarked;
