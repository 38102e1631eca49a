@NullMarked
package org.brokerhandoff.ingest.idempotency;

import org.jspecify.annotations.NullMarked;
