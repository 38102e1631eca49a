@NullMarked
package org.brokerhandoff.ingest.receipt;

import org.jspecify.annotations.NullMarked;
