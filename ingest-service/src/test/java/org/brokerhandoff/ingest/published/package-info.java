/** Tests of reading publications. */
@NullMarked
package org.brokerhandoff.ingest.published;

import org.jspecify.annotations.NullMarked;
