@NullMarked
package org.brokerhandoff.ingest.rights;

import org.jspecify.annotations.NullMarked;
