@NullMarked
package org.brokerhandoff.ingest.accept;

import org.jspecify.annotations.NullMarked;
