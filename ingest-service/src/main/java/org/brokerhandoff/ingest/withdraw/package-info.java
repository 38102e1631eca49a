/**
 * Withdrawal of a consent: the key first, then the event, then the answer.
 *
 * <p>No HTTP.
 */
@NullMarked
package org.brokerhandoff.ingest.withdraw;

import org.jspecify.annotations.NullMarked;
