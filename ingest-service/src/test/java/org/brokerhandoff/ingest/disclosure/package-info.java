@NullMarked
package org.brokerhandoff.ingest.disclosure;

import org.jspecify.annotations.NullMarked;
