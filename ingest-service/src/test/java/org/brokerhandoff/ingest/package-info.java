@NullMarked
package org.brokerhandoff.ingest;

import org.jspecify.annotations.NullMarked;
