/** Keeps the policies and brokers of the log up to date in memory. No knowledge of either. */
@NullMarked
package org.brokerhandoff.ingest.follow;

import org.jspecify.annotations.NullMarked;
