/**
 * The signature under consent receipts: keys, and the published key set that checks it.
 *
 * <p>What must not live here: what a receipt says, and HTTP.
 */
@NullMarked
package org.brokerhandoff.ingest.receipt;

import org.jspecify.annotations.NullMarked;
