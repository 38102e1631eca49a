/**
 * The signature under consent receipts: keys, and the published key set that verifies it.
 *
 * <p>Must not contain: the content of a receipt, and HTTP.
 */
@NullMarked
package org.brokerhandoff.ingest.receipt;

import org.jspecify.annotations.NullMarked;
