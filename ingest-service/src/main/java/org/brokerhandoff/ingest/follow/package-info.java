/** Keeping what the log says of policies and brokers in memory up to date. No knowledge of either. */
@NullMarked
package org.brokerhandoff.ingest.follow;

import org.jspecify.annotations.NullMarked;
